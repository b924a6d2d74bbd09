import * as Plot from '@observablehq/plot';
import { faint, ink, seriesColour, seriesSymbol } from '../../plots/colours.ts';
import { wholePercent } from '../../plots/comparison.ts';
import { picture, ticks } from '../../plots/svg.ts';
import { percent, valueText } from '../../text.ts';
import type { Comparison, PointResult } from '../data.ts';
import { marksOf, placeOn, positionsOf, shortText, uarDomain, type Axis } from './axes.ts';

/** More lines than there are marks cannot be told apart. */
export const mostLines = 5;

/** Height of the plot without its margins, and of a name beside it. */
const plotted = 218;
const nameHeight = 13;

interface Spot {
  readonly x: number;
  readonly point: PointResult;
}

/**
 * UAR over a numeric parameter with the points' intervals, one line for each value of the other, which
 * is absent where only one varies. Lines stand a little beside each other, so that intervals do not.
 */
export function linesPlot(
  id: string,
  comparison: Comparison,
  across: Axis,
  other: Axis | undefined,
): string {
  const positions = positionsOf(across);
  const lines = (other?.values ?? [undefined]).map((value, line) => ({
    line,
    value,
    spots: comparison.points
      .filter((point) => other === undefined || placeOn(other, point) === line)
      .map((point): Spot => ({ x: positions[placeOn(across, point)]!, point }))
      .sort((a, b) => a.x - b.x),
  }));
  const [low, high] = uarDomain(comparison);
  const levels = ticks(low, high, 7);
  const first = positions[0]!;
  const last = positions.at(-1)!;
  const margin = (last - first) * 0.06;
  return picture(
    {
      id,
      title: `UAR over ${across.name}`,
      description: lines
        .map(
          ({ value, spots }) =>
            `${other === undefined ? '' : `${other.name} ${valueText(value)}: `}${spots
              .map(
                ({ point }) =>
                  `${across.name} ${valueText(point.parameters[across.key])} ${percent(point.uar.mean)} (${percent(point.uar.low)} to ${percent(point.uar.high)})`,
              )
              .join(', ')}.`,
        )
        .join(' '),
    },
    {
      height: plotted + 68,
      marginLeft: 42,
      marginRight: 56,
      marginTop: 28,
      marginBottom: 40,
      x: { domain: [first - margin, last + margin], axis: null },
      y: { domain: [low, high], axis: null },
      marks: [
        Plot.gridY(levels, { stroke: faint, strokeOpacity: 0.25 }),
        Plot.axisY(levels, { tickFormat: wholePercent, tickSize: 0, fontSize: 11, label: null }),
        Plot.axisX(spread(positions, first, last), {
          tickFormat: (x: number) => shortText(across.values[positions.indexOf(x)], 8),
          tickSize: 4,
          fontSize: 11,
          label: null,
        }),
        Plot.text(['UAR'], {
          frameAnchor: 'top-left',
          textAnchor: 'end',
          dx: -6,
          dy: -22,
          fontSize: 12,
          fill: ink,
        }),
        Plot.text([across.name], { frameAnchor: 'bottom', dy: 34, fontSize: 12, fill: ink }),
        ...landmarkMarks(comparison),
        ...lines.flatMap(({ line, spots }) => lineMarks(line, lines.length, spots)),
      ],
    },
  );
}

function lineMarks(line: number, lines: number, spots: readonly Spot[]): Plot.Markish[] {
  const dx = (line - (lines - 1) / 2) * 7;
  const colour = seriesColour(line);
  const mean = ({ point }: Spot): number => point.uar.mean;
  return [
    Plot.ruleX(spots, {
      x: 'x',
      y1: ({ point }: Spot) => point.uar.low,
      y2: ({ point }: Spot) => point.uar.high,
      dx,
      stroke: colour,
      strokeWidth: 2,
      strokeOpacity: 0.55,
    }),
    Plot.line(spots, { x: 'x', y: mean, dx, stroke: colour, strokeWidth: 1.5 }),
    Plot.dot(spots, { x: 'x', y: mean, dx, r: 4, fill: colour, symbol: seriesSymbol(line) }),
  ];
}

/** Guessing and the loudness baseline as dashed rules, named beside the plot. */
function landmarkMarks(comparison: Comparison): Plot.Markish[] {
  const [low, high] = uarDomain(comparison);
  const marks = [...marksOf(comparison)].sort((a, b) => a.uar - b.uar);
  const heights = marks.map(({ uar }) => ((uar - low) / (high - low)) * plotted);
  // Names of rules that lie close are pushed apart.
  for (let i = 1; i < heights.length; i++) {
    heights[i] = Math.max(heights[i]!, heights[i - 1]! + nameHeight);
  }
  return [
    Plot.ruleY(marks, { y: 'uar', stroke: ink, strokeWidth: 1.2, strokeDasharray: '4 3' }),
    ...marks.map(({ name }, index) =>
      Plot.text([name], {
        frameAnchor: 'bottom-right',
        textAnchor: 'start',
        lineAnchor: 'middle',
        dx: 4,
        dy: -heights[index]!,
        fontSize: 11,
        fill: ink,
      }),
    ),
  ];
}

/** Those ticks that have room beside the one before, the first and the last always. */
function spread(positions: readonly number[], first: number, last: number): number[] {
  const room = (last - first) / 10;
  const kept: number[] = [];
  for (const position of positions) {
    const before = kept.at(-1);
    if (before === undefined || position - before >= room) kept.push(position);
    else if (position === last && kept.length > 1) kept[kept.length - 1] = position;
  }
  return kept;
}
