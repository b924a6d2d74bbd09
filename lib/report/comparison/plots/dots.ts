import * as Plot from '@observablehq/plot';
import { faint, ink, seriesColour } from '../../plots/colours.ts';
import { wholePercent } from '../../plots/comparison.ts';
import { picture, ticks } from '../../plots/svg.ts';
import { percent, points as percentPoints } from '../../text.ts';
import type { Comparison, PointResult } from '../data.ts';
import { marksOf, pointName, uarDomain } from './axes.ts';

/** More rows than this are a table. */
export const mostRows = 40;

interface Row {
  readonly row: number;
  readonly point: PointResult;
}

/** UAR of some points with their intervals, a row each; the baseline's value as a line through all. */
export function dotsPlot(
  id: string,
  comparison: Comparison,
  points: readonly PointResult[],
): string {
  const rows = points.map((point, row): Row => ({ row, point }));
  const name = ({ point }: Row): string => pointName(point, comparison.parameters);
  const longest = rows.reduce((most, row) => Math.max(most, name(row).length), 0);
  const [low, high] = uarDomain(comparison);
  const marks = marksOf(comparison);
  const baseline = comparison.points.filter(({ label }) => label === comparison.baseline);
  const isBaseline = ({ point }: Row): boolean => point.label === comparison.baseline;
  const mean = ({ point }: Row): number => point.uar.mean;
  return picture(
    {
      id,
      title: 'UAR of the points',
      description: points
        .map(
          ({ label, uar }) =>
            `${label}: ${percent(uar.mean)}, ${percent(uar.low)} to ${percent(uar.high)}.`,
        )
        .join(' '),
    },
    {
      height: 60 + rows.length * (rows.length > 12 ? 21 : 28),
      marginLeft: 16 + longest * 6.5,
      marginRight: 38,
      marginTop: 20,
      marginBottom: 40,
      x: { domain: [low, high], axis: null },
      y: { domain: [rows.length - 0.4, -0.6], axis: null },
      marks: [
        Plot.axisX(ticks(low, high, 6), {
          tickFormat: wholePercent,
          tickSize: 4,
          fontSize: 11,
          label: null,
        }),
        Plot.text(['UAR'], { frameAnchor: 'bottom', dy: 34, fontSize: 12, fill: ink }),
        Plot.ruleX(marks, { x: 'uar', stroke: faint, strokeDasharray: '4 3' }),
        // Two loudness baselines that differ a little would be written over each other.
        ...marks
          .filter(({ name }, at) => marks.findIndex((of) => of.name === name) === at)
          .map((mark) =>
            Plot.text([mark], {
              x: 'uar',
              text: 'name',
              frameAnchor: 'top',
              dy: -14,
              fontSize: 10.5,
              fill: faint,
              textAnchor: mark.uar < (low + high) / 2 ? 'start' : 'end',
            }),
          ),
        Plot.ruleX(baseline, {
          x: ({ uar }: PointResult) => uar.mean,
          stroke: seriesColour(1),
          strokeWidth: 1.5,
        }),
        Plot.axisY(
          rows.map(({ row }) => row),
          {
            tickFormat: (row: number) => name(rows[row]!),
            tickSize: 0,
            fontSize: 11,
            label: null,
          },
        ),
        ...[false, true].flatMap((ofBaseline) => {
          const of = rows.filter((row) => isBaseline(row) === ofBaseline);
          const colour = seriesColour(ofBaseline ? 1 : 0);
          return [
            Plot.ruleY(of, {
              y: 'row',
              x1: ({ point }: Row) => point.uar.low,
              x2: ({ point }: Row) => point.uar.high,
              stroke: colour,
              strokeWidth: 3,
              strokeOpacity: 0.5,
              strokeLinecap: 'round',
            }),
            Plot.dot(of, {
              y: 'row',
              x: mean,
              r: 4.5,
              fill: colour,
              symbol: ofBaseline ? 'square' : 'circle',
            }),
          ];
        }),
        Plot.text(rows, {
          y: 'row',
          text: ({ point }: Row) => percentPoints(point.uar.mean),
          frameAnchor: 'right',
          textAnchor: 'end',
          dx: 36,
          fontSize: 11,
          fill: ink,
        }),
      ],
    },
  );
}
