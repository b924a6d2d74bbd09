import { stopAt } from './points.ts';
import { Helper } from './worker-helper.ts';
import { serveAsHelper } from './worker-helper-thread.ts';
import { threadData } from './worker-threads.ts';
import { work, workInThread } from './worker.ts';
import { awaitJob } from './worker-wait.ts';

const thread = threadData();
if (thread === undefined) {
  const main = new URL(import.meta.url);
  const helper = new Helper(main, true);
  stopAt(process.env['EMOTION_STOP_AT'], () => {
    process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  });
  const words = process.argv.slice(2);
  const job = words[0] === '--await' ? await awaitJob(words) : words[0];
  if (job === undefined) throw new Error('Internal error: a worker is started with a job file');
  await work(main, helper, job);
} else if ('job' in thread) await workInThread(thread.job);
else serveAsHelper(thread.helper);
