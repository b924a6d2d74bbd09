// `npm run soak -- --kills 1000`: the soak of test/pipeline/crash.test.ts, for as long as one likes.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { kills: { type: 'string', default: '1000' } } });
if (!/^[1-9][0-9]*$/.test(values.kills)) {
  console.error(`--kills is ${values.kills}, but should be a whole number of at least 1.`);
  process.exit(2);
}
const root = path.dirname(import.meta.dirname);
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const child = spawn(
  process.execPath,
  [vitest, 'run', 'test/pipeline/crash.test.ts', '-t', 'a soak'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, EMOTION_SOAK_KILLS: values.kills } },
);
child.on('exit', (status) => {
  process.exitCode = status ?? 1;
});
