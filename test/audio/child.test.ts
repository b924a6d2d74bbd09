import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChildEnd, RunChild } from '../../lib/audio/child.ts';
import { hasShell, runWithShell } from '../../lib/audio/child-with-shell.ts';
import { runWithoutShell } from '../../lib/audio/child-without-shell.ts';

const starters: [string, RunChild, boolean][] = [
  ['through zx', runWithShell, await hasShell()],
  ['without a shell', runWithoutShell, true],
];

describe.each(starters.filter(([, , possible]) => possible))('a child %s', (_, run) => {
  let folder = '';
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'child-'));
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  async function node(
    script: string,
    args: readonly string[] = [],
    signal = new AbortController().signal,
  ): Promise<ChildEnd & { out: Buffer }> {
    const pieces: Buffer[] = [];
    const take = (piece: Buffer): void => void pieces.push(piece);
    const end = await run(process.execPath, ['-e', script, '--', ...args], take, signal);
    return { ...end, out: Buffer.concat(pieces) };
  }

  it('gets its arguments as they are', async () => {
    const args = [
      '',
      '-v',
      '--help',
      'two words',
      "it's",
      '"quoted"',
      'line\nbreak',
      'tab\tand\rreturn',
      '$(touch owned) `touch owned` $HOME ${HOME}',
      'back\\slash\\',
      '; rm -rf x & | > < * ? [a] {b,c} ! # ~',
      '100 % %20 %d',
      'a:b::c',
      'naïve ä ä 日本語 🎧',
      '\u0007bell',
    ];
    const { code, out } = await node(
      'process.stdout.write(JSON.stringify(process.argv.slice(1)))',
      args,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out.toString('utf8'))).toEqual(args);
  });

  it('has its bytes handed over as they are', async () => {
    const { out } = await node(
      `const bytes = Buffer.alloc(300000, 0);
       for (let i = 0, x = 1; i < bytes.length; i += 1) { x = (Math.imul(x, 1664525) + 1013904223) | 0; bytes[i] = x >>> 24; }
       process.stdout.write(bytes);`,
    );
    const expected = Buffer.alloc(300_000);
    for (let i = 0, x = 1; i < expected.length; i += 1) {
      x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
      expected[i] = x >>> 24;
    }
    const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(hash(out)).toBe(hash(expected));
  });

  it('tells its exit status and the beginning of what it said', async () => {
    const { code, signal, said } = await node(
      `process.stderr.write('é'.repeat(100000)); process.exitCode = 3;`,
    );
    expect({ code, signal }).toEqual({ code: 3, signal: null });
    expect(said).toBe('é'.repeat(32_768));
  });

  it('that was ended by a signal says so', async () => {
    const { code, signal } = await node(`process.kill(process.pid, 'SIGKILL')`);
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('that cannot be started ends with 127', async () => {
    const nothing = path.join(folder, 'no such program');
    const { code } = await run(nothing, [], () => undefined, new AbortController().signal);
    expect(code).toBe(127);
  });

  it('is gone, with its own children, when the signal is aborted', async () => {
    const alive = path.join(folder, 'alive');
    const script = `const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', 'setInterval(() => require("node:fs").appendFileSync(process.argv[1], "."), 20)', ${JSON.stringify(alive)}]);
      setInterval(() => {}, 1000);`;
    const controller = new AbortController();
    const reason = new Error('enough');
    const running = node(script, [], controller.signal);
    const failed = expect(running).rejects.toBe(reason);
    while ((await fs.stat(alive).catch(() => ({ size: 0 }))).size === 0) await wait(20);
    controller.abort(reason);
    await failed;
    const { size } = await fs.stat(alive);
    await wait(200);
    expect((await fs.stat(alive)).size).toBe(size);
  });

  it('is not started when the signal was aborted before', async () => {
    const reason = new Error('too late');
    const file = path.join(folder, 'started');
    const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`;
    await expect(node(script, [], AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(fs.access(file)).rejects.toThrow();
  });
});
