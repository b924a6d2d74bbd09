import { checkInThread } from './worker-inputs.ts';
import { stopAt } from './points.ts';
import { threadData } from './worker-threads.ts';
import { work, workInThread } from './worker.ts';

const thread = threadData();
if (thread === undefined) {
  const [job] = process.argv.slice(2);
  if (job === undefined) throw new Error('Internal error: a worker is started with a job file');
  stopAt(process.env['EMOTION_STOP_AT'], () => {
    process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  });
  await work(new URL(import.meta.url), job);
} else if ('job' in thread) await workInThread(thread.job);
else checkInThread(thread.check);
