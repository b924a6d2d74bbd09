/** Controls, line separators, marks that change the direction of text, and halves of characters. */
const HIDDEN = /[\p{Cc}\p{Surrogate}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text that came from outside (a name, a value, another program's words), safe to show on a terminal and
 * on one line: what would act there is written out as `\u001b`, a line's end as `\n`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (hidden) => {
    if (hidden === '\n') return '\\n';
    return hidden === '\t' ? ' ' : `\\u${hidden.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** The same for text of several lines, which stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** A word that nobody could have meant: comparing it with others would take for ever. */
const LONGEST_WORD = 64;

/** How many known words are named to who named none of them. */
const MOST_WORDS = 40;

/** "did you mean lambda?" where a known word is near; otherwise what the known words are. */
export function didYouMean(word: string, known: readonly string[]): string {
  const comparable = word.length > LONGEST_WORD ? [] : known;
  const near = comparable
    .filter((candidate) => candidate.length <= LONGEST_WORD)
    .map((candidate) => ({
      candidate,
      distance: editDistance(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near !== undefined) return `did you mean ${near.candidate}?`;
  if (known.length === 0) return 'none is known.';
  const more = known.length > MOST_WORDS ? `, and ${known.length - MOST_WORDS} more` : '';
  return `known: ${known.slice(0, MOST_WORDS).join(', ')}${more}.`;
}

/** A value as a person would write it, cut where it is long. */
export function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = value === undefined ? 'nothing' : visible(JSON.stringify(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** How many letters were added, left out, changed or swapped with their neighbour. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
