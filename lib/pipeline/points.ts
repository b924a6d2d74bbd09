/**
 * The places on the way of a result into the store at which a crash would leave something different
 * behind, in the order in which they are passed. The tests stop the process hard at every one of them.
 */
export const points = [
  'presence-written',
  'lease-taken',
  'work-folder-made',
  'job-written',
  'output-written',
  'output-half-synced',
  'outputs-synced',
  'object-before-rename',
  'object-renamed',
  'between-object-and-record',
  'text-before-write',
  'text-half-written',
  'text-before-sync',
  'text-before-rename',
  'text-renamed',
  'record-placed',
  'latest-placed',
  'shown-before-rename',
  'shown',
  'lease-released',
] as const;

export type Point = (typeof points)[number];

let watch: ((point: Point) => void) | undefined;

/** Says that a point is reached; nobody listens outside the tests. */
export function reach(point: Point): void {
  watch?.(point);
}

/**
 * Stops hard at a point: `object-renamed`, or `object-renamed#3` for the third time it is reached.
 *
 * @param text as set in EMOTION_STOP_AT; nothing happens when it is undefined
 * @param stop ends the process, and what else must end with it
 */
export function stopAt(text: string | undefined, stop: () => void): void {
  if (text === undefined) return;
  const [name, count = '1'] = text.split('#');
  let left = Number(count);
  watch = (point) => {
    if (point !== name) return;
    left -= 1;
    if (left === 0) stop();
  };
}
