import * as Plot from '@observablehq/plot';
import type { Position } from '../attention.ts';
import { fixed, percent } from '../text.ts';
import { faint, ink, seriesColour, seriesSymbol } from './colours.ts';
import { wholePercent } from './comparison.ts';
import { picture, ticks } from './svg.ts';

/** Mean attention by position: all test clips as bars, each class as a marked line. */
export function attentionPlot(
  id: string,
  positions: readonly Position[],
  classes: readonly string[],
): string {
  const most = positions.reduce(
    (so, { mean, byClass }) => byClass.reduce((a, b) => (b > a ? b : a), Math.max(so, mean)),
    0,
  );
  const top = Math.min(1, Math.max(most * 1.15, 1.5 / Math.max(1, positions.length)));
  const numbers = positions.map((position) => position.number);
  const shown = numbers.length > 12 ? ticks(0, numbers.length, 6).filter((n) => n >= 1) : numbers;
  const labelled = (number: number): string => {
    const position = positions[number - 1];
    if (position?.from === undefined || position.to === undefined || numbers.length > 6) {
      return String(number);
    }
    return `${String(number)}\n${fixed(position.from, 1)}–${fixed(position.to, 1)} s`;
  };
  return picture(
    {
      id,
      title: 'Mean attention by position',
      description: positions
        .map(({ number, mean }) => `Position ${String(number)}: ${percent(mean)}.`)
        .join(' '),
    },
    {
      height: 230,
      marginLeft: 44,
      marginRight: 8,
      marginTop: 8,
      marginBottom: 44,
      x: { type: 'band', domain: numbers, padding: 0.25, axis: null },
      y: { domain: [0, top], axis: null },
      marks: [
        Plot.gridY(ticks(0, top, 4), { stroke: faint, strokeOpacity: 0.25 }),
        Plot.axisY(ticks(0, top, 4), {
          tickFormat: wholePercent,
          tickSize: 0,
          fontSize: 11,
          label: null,
        }),
        Plot.axisX(shown, { tickFormat: labelled, tickSize: 0, fontSize: 11, label: null }),
        Plot.barY(positions, { x: 'number', y: 'mean', fill: faint, fillOpacity: 0.3 }),
        Plot.ruleY([1 / Math.max(1, positions.length)], { stroke: ink, strokeDasharray: '3 3' }),
        ...classes.flatMap((_, label) => {
          const value = (position: Position): number => position.byClass[label] ?? 0;
          return [
            Plot.line(positions, { x: 'number', y: value, stroke: seriesColour(label) }),
            Plot.dot(positions, {
              x: 'number',
              y: value,
              fill: seriesColour(label),
              symbol: seriesSymbol(label),
              r: 4,
            }),
          ];
        }),
      ],
    },
  );
}
