/**
 * Colours by name, so that the page's style sheet can have one set for light, dark and print. They
 * are Okabe and Ito's, which colour-blind readers tell apart (Color Universal Design, 2008).
 */
export const ink = 'currentColor';
export const faint = 'var(--faint)';
export const accent = 'var(--accent)';
export const onAccent = 'var(--on-accent)';

const series = 8;

/** The colour of the n-th class or series, counted from 0; colours come again after eight. */
export function seriesColour(index: number): string {
  return `var(--series-${String((index % series) + 1)})`;
}

const symbols = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;

/** A mark's shape beside its colour, for those who see no colours. */
export function seriesSymbol(index: number): (typeof symbols)[number] {
  return symbols[index % symbols.length] ?? 'circle';
}

/** viridis at 16 steps (van der Walt, Smith, Firing; CC0): dark is quiet, bright is loud. */
export const viridis: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [72, 26, 108],
  [71, 47, 125],
  [65, 68, 135],
  [57, 86, 140],
  [49, 104, 142],
  [42, 120, 142],
  [35, 136, 142],
  [31, 152, 139],
  [34, 168, 132],
  [53, 183, 121],
  [84, 197, 104],
  [122, 209, 81],
  [165, 219, 54],
  [210, 226, 27],
  [253, 231, 37],
];
