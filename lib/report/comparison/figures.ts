import { shortNames } from '../../pipeline/parameter-names.ts';
import { figure, gallery } from '../sections/section.ts';
import { counted, html, nameHtml, proseHtml, valueText } from '../text.ts';
import { percentLevel } from '../sentences.ts';
import type { Comparison, PointResult } from './data.ts';
import { axisOf, type Axis } from './plots/axes.ts';
import { dotsPlot, mostRows } from './plots/dots.ts';
import { heatPlot, isGrid, mostColumns } from './plots/heat.ts';
import { linesPlot, mostLines } from './plots/lines.ts';
import { parallelPlot } from './plots/parallel.ts';

/**
 * The pictures that suit what varies: lines over a number, a heat map for two parameters, parallel
 * lines for more, and every point with its interval wherever lines do not show it.
 */
export function figures(comparison: Comparison): string {
  const axes = axesOf(comparison);
  const drawn: string[] = [];
  const lined = axes.length <= 2 ? linesFigure(comparison, axes) : undefined;
  if (lined !== undefined) drawn.push(lined);
  const [one, two] = axes;
  if (axes.length === 2 && one !== undefined && two !== undefined) {
    drawn.push(...heatFigure(comparison, one, two));
  }
  if (axes.length >= 3 || (axes.length === 2 && drawn.length === 0)) {
    drawn.push(parallelFigure(comparison, axes));
  }
  if (lined === undefined || axes.length >= 3) drawn.push(dotsFigure(comparison));
  return gallery(drawn, 'wide');
}

/** The parameters of which there are at least two values. */
function axesOf({ points, parameters }: Comparison): Axis[] {
  const names = shortNames(parameters);
  return parameters
    .map((key, index) => axisOf(points, key, names[index]!))
    .filter(({ values }) => values.length > 1);
}

function linesFigure(comparison: Comparison, axes: readonly Axis[]): string | undefined {
  const across = axes
    .filter(({ numeric }) => numeric)
    .reduce<Axis | undefined>(
      (most, axis) => (axis.values.length > (most?.values.length ?? 0) ? axis : most),
      undefined,
    );
  const other = axes.find((axis) => axis !== across);
  if (across === undefined || (other?.values.length ?? 1) > mostLines) return undefined;
  if (
    other === undefined ? !isGrid(comparison, across, across) : !isGrid(comparison, across, other)
  ) {
    return undefined;
  }
  const legend = other === undefined ? '' : legendOf(other);
  const caption = `UAR over all test clips pooled, mean over the seeds, with its ${level(comparison)} interval, over ${nameHtml(across.name)}. Dashed: guessing, and the loudness baseline, which a network must beat to show anything.`;
  return figure(legend + linesPlot('uar-lines', comparison, across, other), caption);
}

const glyphs = ['●', '■', '▲', '◆', '✚'];

function legendOf({ name, values }: Axis): string {
  const items = values.map(
    (value, index) =>
      `<li><b aria-hidden="true" style="color:var(--series-${String(index + 1)})">${glyphs[index % glyphs.length]!}</b>${nameHtml(valueText(value))}</li>`,
  );
  return `<ul class="legend"><li>${html(name)}:</li>${items.join('')}</ul>`;
}

function heatFigure(comparison: Comparison, one: Axis, two: Axis): string[] {
  // The one with the longer texts goes down the side, where they have room.
  const length = ({ values }: Axis): number =>
    values.reduce((most: number, value) => Math.max(most, valueText(value).length), 0);
  const [across, down] = length(one) <= length(two) ? [one, two] : [two, one];
  if (across.values.length > mostColumns || !isGrid(comparison, across, down)) return [];
  return [
    figure(
      heatPlot('uar-heat', comparison, across, down),
      'UAR in percent: the stronger the colour, the higher, from the lowest of all points to the highest. Outlined: the highest; dashed: the baseline. How far the colours are noise, the intervals say.',
    ),
  ];
}

function parallelFigure(comparison: Comparison, axes: readonly Axis[]): string {
  return figure(
    `${parallelLegend}${parallelPlot('uar-parallel', comparison, axes)}`,
    'Each line is a point: through its value of every parameter down to its UAR. The stronger a line, the higher its UAR.',
  );
}

const parallelLegend =
  '<ul class="legend"><li><i class="line" style="color:var(--series-3)"></i>highest UAR</li><li><i class="line dashed" style="color:var(--series-2)"></i>baseline</li></ul>';

function dotsFigure(comparison: Comparison): string {
  const shown = mostTelling(comparison);
  const cut = comparison.points.length - shown.length;
  const order =
    cut === 0
      ? ''
      : ` Shown: the highest, from the first down, and the baseline; ${counted(cut, 'point is', 'points are')} in the table alone.`;
  const names = shortNames(comparison.parameters).map(nameHtml);
  const named = names.length === 0 ? '' : ` Each row is named by its ${names.join(' · ')}.`;
  return figure(
    dotsPlot('uar-dots', comparison, shown),
    `UAR over all test clips pooled, mean over the seeds (dot), with its ${level(comparison)} interval (bar). The square and the line through all: the baseline.${named}${order}`,
  );
}

/** All points in their order, or as many as fit: the best ones, and the baseline. */
function mostTelling({ points, baseline }: Comparison): readonly PointResult[] {
  if (points.length <= mostRows) return points;
  const ranked = [...points].sort((a, b) => b.uar.mean - a.uar.mean);
  const others = ranked.filter(({ label }) => label !== baseline);
  const kept = new Set(others.slice(0, mostRows - (points.length - others.length)));
  return ranked.filter((point) => kept.has(point) || point.label === baseline);
}

function level(comparison: Comparison): string {
  return proseHtml(percentLevel(comparison.level));
}
