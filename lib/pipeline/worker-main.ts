import { stopAt } from './points.ts';
import { work } from './worker.ts';

const [job] = process.argv.slice(2);
if (job === undefined) throw new Error('Internal error: a worker is started with a job file');
stopAt(process.env['EMOTION_STOP_AT'], () => {
  process.kill(process.ppid, 'SIGKILL');
  process.kill(process.pid, 'SIGKILL');
});
await work(job);
