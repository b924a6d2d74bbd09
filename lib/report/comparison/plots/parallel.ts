import * as Plot from '@observablehq/plot';
import { accent, faint, ink, seriesColour } from '../../plots/colours.ts';
import { wholePercent } from '../../plots/comparison.ts';
import { picture, ticks } from '../../plots/svg.ts';
import { percent, valueText } from '../../text.ts';
import type { Comparison, PointResult } from '../data.ts';
import { bestOf } from '../sentences.ts';
import { placeOn, positionsOf, shortText, type Axis } from './axes.ts';

/** From one axis to the next. */
const rowHeight = 62;

interface Step {
  readonly place: number;
  /** 0 to 1 along the axis. */
  readonly along: number;
}

/**
 * A line for each point through its values of all parameters, down to its UAR: axes lie across the
 * page, so that any number of them fits a narrow one. The stronger a line, the higher its UAR; the
 * best is drawn last and thick, the baseline dashed.
 */
export function parallelPlot(id: string, comparison: Comparison, axes: readonly Axis[]): string {
  const { points } = comparison;
  const scales = axes.map(scaleOf);
  const uars = points.map(({ uar }) => uar.mean);
  const low = uars.reduce((a, b) => Math.min(a, b));
  const high = uars.reduce((a, b) => Math.max(a, b));
  const share = (uar: number): number => (high === low ? 0.5 : (uar - low) / (high - low));
  const stepsOf = (point: PointResult): Step[] => [
    ...axes.map((axis, place) => ({ place, along: scales[place]![placeOn(axis, point)]! })),
    { place: axes.length, along: share(point.uar.mean) },
  ];
  const best = bestOf(comparison);
  const isBaseline = ({ label }: PointResult): boolean => label === comparison.baseline;
  const ordinary = points.filter((point) => point !== best && !isBaseline(point));
  const ranked = [...ordinary].sort((a, b) => a.uar.mean - b.uar.mean);
  const uarTicks = high === low ? [low] : ticks(low, high, 4);
  const labels = [
    ...axes.flatMap((axis, place) =>
      roomy(scales[place]!).map((index) => ({
        place,
        along: scales[place]![index]!,
        text: shortText(axis.values[index], 18),
      })),
    ),
    ...uarTicks.map((uar) => ({ place: axes.length, along: share(uar), text: wholePercent(uar) })),
  ];
  const line = (point: PointResult, style: Plot.LineOptions): Plot.Markish =>
    Plot.line(stepsOf(point), { x: 'along', y: 'place', ...style });
  return picture(
    {
      id,
      title: `UAR by ${[...axes.map(({ name }) => name)].join(', ')}`,
      description: points
        .map(
          ({ parameters, uar }) =>
            `${axes.map(({ key, name }) => `${name} ${valueText(parameters[key])}`).join(', ')}: ${percent(uar.mean)}.`,
        )
        .join(' '),
    },
    {
      height: 46 + axes.length * rowHeight,
      marginLeft: 24,
      marginRight: 24,
      marginTop: 20,
      marginBottom: 26,
      x: { domain: [0, 1], axis: null },
      y: { domain: [axes.length, 0], axis: null },
      marks: [
        Plot.ruleY([...axes.keys(), axes.length], { stroke: faint, strokeOpacity: 0.6 }),
        ...ranked.map((point) =>
          line(point, {
            stroke: accent,
            strokeWidth: 1.4,
            strokeOpacity: 0.12 + 0.6 * share(point.uar.mean),
          }),
        ),
        ...points
          .filter(isBaseline)
          .map((point) =>
            line(point, { stroke: seriesColour(1), strokeWidth: 2.5, strokeDasharray: '6 3' }),
          ),
        line(best, { stroke: seriesColour(2), strokeWidth: 3 }),
        Plot.text(
          [...axes.map(({ name }) => name), 'UAR'].map((name, place) => ({ name, place })),
          {
            x: 0,
            y: 'place',
            text: 'name',
            textAnchor: 'start',
            dx: -22,
            dy: -9,
            fontSize: 12,
            fontWeight: 600,
            ...halo,
          },
        ),
        // The outermost labels stay within the picture.
        ...(['start', 'middle', 'end'] as const).map((textAnchor) =>
          Plot.text(
            labels.filter(({ along }) => anchorOf(along) === textAnchor),
            {
              ...{ x: 'along', y: 'place', text: 'text', textAnchor, dy: 11, fontSize: 11 },
              dx: { start: -14, middle: 0, end: 14 }[textAnchor],
              ...halo,
            },
          ),
        ),
      ],
    },
  );
}

const halo = { fill: ink, stroke: 'var(--page)', strokeWidth: 4 } as const;

function anchorOf(along: number): 'start' | 'middle' | 'end' {
  return along === 0 ? 'start' : along === 1 ? 'end' : 'middle';
}

/** 0 to 1 for each value: numbers by their size, other values evenly. */
function scaleOf(axis: Axis): readonly number[] {
  const { numeric, values } = axis;
  if (values.length === 1) return [0.5];
  if (!numeric) return values.map((_, place) => place / (values.length - 1));
  const positions = positionsOf(axis);
  const first = positions[0]!;
  return positions.map((position) => (position - first) / (positions.at(-1)! - first));
}

/** The places whose labels do not touch: the first, the last, and what has room between. */
function roomy(scale: readonly number[]): number[] {
  const room = 0.16;
  const kept: number[] = [];
  scale.forEach((along, place) => {
    const before = kept.at(-1);
    if (before === undefined || along - scale[before]! >= room) kept.push(place);
    else if (place === scale.length - 1 && kept.length > 1) kept[kept.length - 1] = place;
  });
  return kept;
}
