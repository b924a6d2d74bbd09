import { stopAt } from './points.ts';
import { endProcess } from './worker-end.ts';
import { Helper } from './worker-helper.ts';
import { serveAsHelper } from './worker-helper-thread.ts';
import { threadData } from './worker-threads.ts';
import { work, workInThread } from './worker.ts';
import { loadExpected } from './worker-loading.ts';
import { Orders } from './worker-orders.ts';

const thread = threadData();
if (thread === undefined) {
  const main = new URL(import.meta.url);
  // With its parent, while it has its turn of the event loop: waiting, or at a safe point.
  process.once('disconnect', endProcess);
  const helper = new Helper(main, true);
  stopAt(process.env['EMOTION_STOP_AT'], () => {
    process.kill(process.ppid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
  });
  const orders = new Orders();
  const words = process.argv.slice(2);
  if (words[0] === undefined)
    throw new Error('Internal error: a worker is started with a job file');
  if (words[0] === '--await') await loadExpected(words);
  else orders.hand(words[0]);
  // Until the parent ends this process.
  for (;;) await work(main, helper, await orders.next());
} else if ('job' in thread) await workInThread(thread.job);
else serveAsHelper(thread.helper);
