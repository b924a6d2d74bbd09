import { checkInThread } from './worker-inputs.ts';
import { stopAt } from './points.ts';
import { threadData } from './worker-threads.ts';
import { followInThread } from './worker-outputs.ts';
import { work, workInThread } from './worker.ts';
import { awaitJob, endWithParent } from './worker-wait.ts';

const thread = threadData();
if (thread === undefined) {
  endWithParent();
  stopAt(process.env['EMOTION_STOP_AT'], () => {
    process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  });
  const words = process.argv.slice(2);
  const job = words[0] === '--await' ? await awaitJob(words) : words[0];
  if (job === undefined) throw new Error('Internal error: a worker is started with a job file');
  await work(new URL(import.meta.url), job);
} else if ('job' in thread) await workInThread(thread.job);
else if ('check' in thread) checkInThread(thread.check);
else followInThread(thread.follow, thread.ended);
