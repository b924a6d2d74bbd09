import pLimit from 'p-limit';

/**
 * Does the work on `jobs` items at a time and yields the results in the items' order. At most
 * `jobs + ahead` items are in work or waiting to be taken, whatever their number.
 *
 * When one fails, or the consumer leaves, no further item is begun, and what is running is awaited.
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  { jobs, ahead }: { readonly jobs: number; readonly ahead: number },
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, undefined> {
  const limit = pLimit(jobs);
  const started: Promise<Result | typeof left>[] = [];
  let leaving = false;
  const start = (item: Item): void => {
    const result = limit(async () => (leaving ? left : await work(item)));
    // Its failure is met when its turn comes; until then it is not unhandled.
    result.catch(() => undefined);
    started.push(result);
  };
  try {
    for await (const item of items) {
      start(item);
      if (started.length < jobs + ahead) continue;
      const value = await started.shift();
      if (value !== left) yield value as Result;
    }
    for (let result = started.shift(); result !== undefined; result = started.shift()) {
      const value = await result;
      if (value !== left) yield value;
    }
  } finally {
    leaving = true;
    await Promise.allSettled(started);
  }
}

const left = Symbol('left');
