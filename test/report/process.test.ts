import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportJson } from '../../lib/report/json.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportPage } from '../../lib/report/page.ts';
import { reportData } from './fixture.ts';

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  program = join(folder, 'report.mjs');
  await build({
    stdin: {
      contents: `
        import { createHash } from 'node:crypto';
        import { reportData } from './fixture.ts';
        import { reportJson } from '../../lib/report/json.ts';
        import { reportMarkdown } from '../../lib/report/markdown.ts';
        import { reportPage } from '../../lib/report/page.ts';
        const data = reportData({ withAuthors: true });
        const text = reportPage(data) + reportJson(data) + reportMarkdown(data);
        console.log(createHash('sha256').update(text).digest('hex'));`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['canvas'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('another process with another time zone and language makes the same bytes', async () => {
  const data = reportData({ withAuthors: true });
  const text = reportPage(data) + reportJson(data) + reportMarkdown(data);
  const here = createHash('sha256').update(text).digest('hex');
  for (const [zone, language] of [
    ['Asia/Kolkata', 'tr_TR.UTF-8'],
    ['America/St_Johns', 'de_DE.UTF-8'],
  ]) {
    const { stdout } = await promisify(execFile)(process.execPath, [program], {
      cwd: folder,
      env: { ...process.env, TZ: zone, LANG: language, LC_ALL: language },
    });
    expect(stdout.trim()).toBe(here);
  }
});
