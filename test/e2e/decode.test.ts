import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project } from '../helpers/project.ts';

/** Everything below a folder that is a WAV file. */
function wavs(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Adds a chunk that says nothing of the sound, but that only ffmpeg passes over. */
function addChunk(file: string): void {
  const bytes = Buffer.concat([fs.readFileSync(file), Buffer.from('odd \x04\0\0\0odd!', 'latin1')]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  fs.writeFileSync(file, bytes);
}

const words = (corpus: string, jobs: string): string[] => [
  ...['pipeline', 'decode', '--corpus', corpus, '--jobs', jobs, '--json'],
];

/** The hashes of what decode wrote. */
function outputs(stdout: string): unknown {
  const { instances } = JSON.parse(stdout) as { instances: { outputs: unknown }[] };
  return instances.map((instance) => instance.outputs);
}

describe('decoding, by the real command line,', () => {
  it('gives the same bytes by ffmpeg and by the project itself, in threads and without', async () => {
    const hashes: unknown[] = [];
    for (const [jobs, odd] of [
      ['1', false],
      ['3', false],
      ['3', true],
    ] as const) {
      const project = new Project();
      const corpus = smallCorpus(path.join(project.root, 'corpus'), 2);
      if (odd) wavs(corpus).forEach(addChunk);
      hashes.push(outputs((await project.emotion(words(corpus, jobs))).stdout));
    }
    const [first, ...others] = hashes;
    expect(JSON.stringify(first)).toMatch(/samples.*[0-9a-f]{64}/);
    expect(others).toEqual([first, first]);
  });

  it('names a file that is cut short, though another thread met it', async () => {
    const project = new Project();
    const corpus = smallCorpus(path.join(project.root, 'corpus'), 2);
    const file = wavs(corpus)[5] ?? '';
    fs.truncateSync(file, 20_000);
    const { status, stderr } = await project.emotion(words(corpus, '3'));
    expect(status).toBe(2);
    expect(stderr).toContain(
      `${path.basename(file)} is cut short: its header announces more than the file holds.`,
    );
  });
});
