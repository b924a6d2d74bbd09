import * as Plot from '@observablehq/plot';
import { accent, faint, ink, onAccent } from '../../plots/colours.ts';
import { picture, pictureWidth } from '../../plots/svg.ts';
import { percent, points as percentPoints, valueText } from '../../text.ts';
import type { Comparison, PointResult } from '../data.ts';
import { bestOf } from '../sentences.ts';
import { placeOn, shortText, type Axis } from './axes.ts';

/** More cells in a row than this have no room for their number. */
export const mostColumns = 8;
/** Above it, light words are easier to read on the cell than dark ones. */
const strongShare = 0.6;

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly point: PointResult;
  /** 0 for the lowest UAR, 1 for the highest. */
  readonly share: number;
}

/** UAR for every pair of values of two parameters: the stronger the colour, the higher. */
export function heatPlot(id: string, comparison: Comparison, across: Axis, down: Axis): string {
  const cells = cellsOf(comparison, across, down);
  const left = 16 + Math.min(16, longest(down)) * 6.2;
  const tilted = longest(across) * 6.2 > (pictureWidth - left) / across.values.length;
  const bottom = tilted ? 30 + Math.min(16, longest(across)) * 5 : 42;
  const columns = across.values.map((_, place) => place);
  const rows = down.values.map((_, place) => place);
  const marked = cells.filter(({ point }) => point === bestOf(comparison));
  const baseline = cells.filter(({ point }) => point.label === comparison.baseline);
  return picture(
    {
      id,
      title: `UAR by ${across.name} and ${down.name}`,
      description: cells
        .map(
          ({ point }) =>
            `${across.name} ${valueText(point.parameters[across.key])}, ${down.name} ${valueText(point.parameters[down.key])}: ${percent(point.uar.mean)}.`,
        )
        .join(' '),
    },
    {
      height: 24 + rows.length * 40 + bottom,
      marginLeft: left,
      marginRight: 4,
      marginTop: 24,
      marginBottom: bottom,
      x: { type: 'band', domain: columns, padding: 0.06, axis: null },
      y: { type: 'band', domain: rows, padding: 0.06, axis: null },
      opacity: { type: 'identity' },
      marks: [
        Plot.axisX(columns, {
          tickFormat: (place: number) => shortText(across.values[place], 16),
          tickSize: 0,
          fontSize: 11,
          label: null,
          ...(tilted ? { tickRotate: -45 } : {}),
        }),
        Plot.axisY(rows, {
          tickFormat: (place: number) => shortText(down.values[place], 16),
          tickSize: 0,
          fontSize: 11,
          label: null,
        }),
        Plot.text([across.name], {
          frameAnchor: 'bottom',
          dy: bottom - 6,
          fontSize: 12,
          fill: ink,
        }),
        Plot.text([down.name], {
          frameAnchor: 'top-left',
          textAnchor: 'end',
          dx: -8,
          dy: -16,
          fontSize: 12,
          fill: ink,
        }),
        Plot.cell(cells, { x: 'x', y: 'y', fill: faint, fillOpacity: 0.1 }),
        Plot.cell(cells, { x: 'x', y: 'y', fill: accent, fillOpacity: 'share' }),
        Plot.cell(baseline, { ...outline, strokeDasharray: '3 2' }),
        Plot.cell(marked, outline),
        ...[true, false].map((strong) =>
          Plot.text(
            cells.filter(({ share }) => share > strongShare === strong),
            {
              x: 'x',
              y: 'y',
              text: ({ point }: Cell) => percentPoints(point.uar.mean),
              fontSize: 12.5,
              fontWeight: 600,
              fill: strong ? onAccent : ink,
            },
          ),
        ),
      ],
    },
  );
}

const outline = { x: 'x', y: 'y', fill: 'none', stroke: ink, strokeWidth: 2 } as const;

/** Whether every pair of values is that of one point at most. */
export function isGrid({ points }: Comparison, across: Axis, down: Axis): boolean {
  const places = points.map((point) => `${placeOn(across, point)} ${placeOn(down, point)}`);
  return new Set(places).size === places.length;
}

function cellsOf({ points }: Comparison, across: Axis, down: Axis): Cell[] {
  const uars = points.map(({ uar }) => uar.mean);
  const low = uars.reduce((a, b) => Math.min(a, b));
  const high = uars.reduce((a, b) => Math.max(a, b));
  return points.map((point) => ({
    x: placeOn(across, point),
    y: placeOn(down, point),
    point,
    share: high === low ? 0 : (point.uar.mean - low) / (high - low),
  }));
}

function longest({ values }: Axis): number {
  return values.reduce((most: number, value) => Math.max(most, shortText(value, 16).length), 0);
}
