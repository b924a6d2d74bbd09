import pLimit from 'p-limit';

/**
 * Does the work on `jobs` items at a time and yields the results in the items' order. At most
 * `jobs + ahead` items are in work or waiting to be taken, whatever their number.
 *
 * When one fails, or the consumer leaves, no further item is begun, and what is running is awaited.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  { jobs, ahead }: { readonly jobs: number; readonly ahead: number },
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const limit = pLimit(jobs);
  const started: Promise<Result | typeof left>[] = [];
  let leaving = false;
  const rest = items[Symbol.iterator]();
  const startNext = (): void => {
    const next = rest.next();
    if (next.done === true) return;
    const result = limit(async () => (leaving ? left : await work(next.value)));
    // Its failure is met when its turn comes; until then it is not unhandled.
    result.catch(() => undefined);
    started.push(result);
  };
  try {
    for (let i = 0; i < jobs + ahead; i += 1) startNext();
    for (let result = started.shift(); result !== undefined; result = started.shift()) {
      const value = await result;
      if (value !== left) yield value;
      startNext();
    }
  } finally {
    leaving = true;
    await Promise.allSettled(started);
  }
}

const left = Symbol('left');
