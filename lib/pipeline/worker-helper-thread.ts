import net from 'node:net';
import { parentPort } from 'node:worker_threads';
import type { HelperAnswer, HelperOrder } from './worker-helper.ts';
import { endProcess } from './worker-end.ts';
import { checkInPieces } from './worker-inputs.ts';
import { Followed } from './worker-outputs.ts';

/** Makes this thread the one that helps, see `Helper`. It never does much at a time, lest it miss its parent's end. */
export function serveAsHelper({ endWithParent }: { readonly endWithParent: boolean }): void {
  if (endWithParent) endWithPipe(4);
  let followed: Followed | undefined;
  parentPort?.on('message', (order: HelperOrder) => {
    switch (order.type) {
      case 'check':
        void answer(order, async () => ({
          type: 'checked',
          damaged: await checkInPieces(order.files),
        }));
        break;
      case 'follow': {
        const following = (followed = new Followed(order.files));
        void answer(order, async () => ({ type: 'followed', hashes: await following.toTheEnd() }));
        break;
      }
      case 'written':
        followed?.complete();
        followed = undefined;
        break;
    }
  });
}

async function answer(order: HelperOrder, work: () => Promise<HelperAnswer>): Promise<void> {
  // What stands in the way is met by the first thread, which then does the work itself.
  const said = await work().catch((): HelperAnswer => ({ type: 'failed', order: order.type }));
  parentPort?.postMessage(said);
}

/**
 * Ends this process and all it started when the parent closes a pipe, be it by its own end: a busy
 * stage would see that only after its work.
 */
function endWithPipe(descriptor: number): void {
  const pipe = new net.Socket({ fd: descriptor });
  pipe.once('close', endProcess).once('end', endProcess).once('error', endProcess);
  pipe.resume();
}
