/** A count as a person reads it: 1,440. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:[0-9]{3})+$)/g, ',');
}

/** `1 file`, `1,440 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** The first ten of a list, and how many more there are. */
export function firstTen(items: readonly string[], separator = '; '): string {
  const more = items.length - 10;
  const shown = items.slice(0, 10).join(separator);
  return more > 0 ? `${shown}${separator}and ${grouped(more)} more` : shown;
}
