import { csvCell, valueText } from '../text.ts';
import type { Comparison, PointResult } from './data.ts';

/**
 * comparison.csv: a row for each point (RFC 4180), shares 0 to 1 with all their digits; empty where a
 * value does not exist. What differs between seeds and folds is in comparison.arrow.
 */
export function comparisonCsv({ parameters, points }: Comparison): string {
  const heads = ['point', ...parameters, ...columns.map(([name]) => name)];
  const rows = points.map((point) => [
    point.label,
    ...parameters.map((key) => (key in point.parameters ? valueText(point.parameters[key]) : '')),
    ...columns.map(([, value]) => {
      const found = value(point);
      return found === null || found === undefined ? '' : String(found);
    }),
  ]);
  return [heads, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

const columns: readonly (readonly [
  string,
  (point: PointResult) => string | number | null | undefined,
])[] = [
  ['seeds', ({ runs }) => runs.length],
  ['clips', ({ clips }) => clips],
  ['speakers', ({ speakers }) => speakers],
  ['uar', ({ uar }) => uar.mean],
  ['uar_low', ({ uar }) => uar.low],
  ['uar_high', ({ uar }) => uar.high],
  ['uar_deviation_over_seeds', ({ uar }) => uar.deviationOverSeeds],
  ['uar_mean_over_folds', ({ uar }) => uar.meanOverFolds],
  ['uar_deviation_over_folds', ({ uar }) => uar.deviationOverFolds],
  ['wa', ({ wa }) => wa.mean],
  ['wa_low', ({ wa }) => wa.low],
  ['wa_high', ({ wa }) => wa.high],
  ['wa_deviation_over_seeds', ({ wa }) => wa.deviationOverSeeds],
  ['wa_mean_over_folds', ({ wa }) => wa.meanOverFolds],
  ['wa_deviation_over_folds', ({ wa }) => wa.deviationOverFolds],
  ['difference', (point) => differenceOf(point)?.uar],
  ['difference_low', (point) => differenceOf(point)?.low],
  ['difference_high', (point) => differenceOf(point)?.high],
  ['p', (point) => differenceOf(point)?.p],
  ['p_holm', ({ against }) => ('corrected' in against ? against.corrected : null)],
  ['against_baseline', ({ against }) => against.kind],
  ['loudness_uar', ({ landmarks }) => landmarks.find(({ model }) => model === 'loudness')?.uar],
  ['collapsed_folds', ({ collapsed }) => collapsed],
  ['trainings', ({ trainings }) => trainings],
  ['weights', ({ weights }) => weights],
  ['steps', ({ steps }) => steps],
];

function differenceOf({
  against,
}: PointResult): { uar: number; low: number; high: number; p: number } | undefined {
  return 'difference' in against ? against.difference : undefined;
}
