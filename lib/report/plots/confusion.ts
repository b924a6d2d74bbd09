import * as Plot from '@observablehq/plot';
import type { Score } from '../data.ts';
import { accent, faint, ink, onAccent } from './colours.ts';
import { picture, pictureWidth } from './svg.ts';

/** Above it, light words are easier to read on the cell than dark ones. */
const strongShare = 0.85;

interface Cell {
  readonly truth: number;
  readonly predicted: number;
  readonly clips: number;
  /** Of the clips of the true class. */
  readonly share: number;
}

/**
 * A confusion matrix: rows are true classes, columns what was predicted; a cell has the count and
 * has the stronger colour, the larger its share of the row.
 */
export function confusionPlot(
  id: string,
  title: string,
  score: Score,
  classes: readonly string[],
): string {
  const cells = cellsOf(score, classes.length);
  const longest = classes.reduce((length, name) => Math.max(length, name.length), 0);
  const left = Math.min(110, 30 + longest * 7);
  const tilted = classes.length > 4;
  const bottom = tilted ? left - 8 : 40;
  const side = (pictureWidth - left - 4) / classes.length;
  const height = Math.round(Math.min(side, 64) * classes.length) + bottom + 6;
  const names = classes.map((_, label) => label);
  const named = (label: number): string => classes[label] ?? '';
  return picture(
    {
      id,
      title,
      description: cells
        .map(
          (cell) => `${named(cell.truth)} called ${named(cell.predicted)}: ${String(cell.clips)}.`,
        )
        .join(' '),
    },
    {
      height,
      marginLeft: left,
      marginRight: 4,
      marginTop: 6,
      marginBottom: bottom,
      x: { type: 'band', domain: names, padding: 0.04, axis: null },
      y: { type: 'band', domain: names, padding: 0.04, axis: null },
      marks: [
        Plot.axisX(names, {
          tickFormat: named,
          tickSize: 0,
          fontSize: 12,
          label: null,
          ...(tilted ? { tickRotate: -45 } : {}),
        }),
        Plot.axisY(names, { tickFormat: named, tickSize: 0, fontSize: 12, label: null }),
        Plot.text(['true'], {
          frameAnchor: 'left',
          dx: 10 - left,
          rotate: -90,
          fontSize: 11,
          fill: faint,
        }),
        Plot.text(['predicted'], {
          frameAnchor: 'bottom',
          dy: bottom - 8,
          fontSize: 11,
          fill: faint,
        }),
        Plot.cell(cells, { x: 'predicted', y: 'truth', fill: faint, fillOpacity: 0.1 }),
        Plot.cell(cells, { x: 'predicted', y: 'truth', fill: accent, fillOpacity: 'share' }),
        ...[true, false].map((strong) =>
          Plot.text(
            cells.filter((cell) => cell.share > strongShare === strong),
            {
              x: 'predicted',
              y: 'truth',
              text: (cell: Cell) => String(cell.clips),
              fontSize: 14,
              fontWeight: 600,
              fill: strong ? onAccent : ink,
            },
          ),
        ),
      ],
      opacity: { type: 'identity' },
    },
  );
}

function cellsOf(score: Score, classes: number): Cell[] {
  const cells: Cell[] = [];
  for (let truth = 0; truth < classes; truth++) {
    const row = score.confusion.slice(truth * classes, (truth + 1) * classes);
    const all = row.reduce((sum, clips) => sum + clips, 0);
    row.forEach((clips, predicted) => {
      cells.push({ truth, predicted, clips, share: all === 0 ? 0 : clips / all });
    });
  }
  return cells;
}
