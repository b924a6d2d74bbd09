import { shortNames } from '../../pipeline/parameter-names.ts';
import { count, markdown, points as percentPoints, valueText } from '../text.ts';
import type { Comparison, PointResult } from './data.ts';
import { method } from './method.ts';
import { needsLabels } from './point-table.ts';
import { answer, loudness, noise, selection, syntheticNotice, verdict } from './sentences.ts';
import { warnings } from './warnings.ts';
import { outOf, probability, signed, standingWords } from './words.ts';

/** comparison.md: the answer, the table and the warnings, for a README or a pull request. */
export function comparisonMarkdown(comparison: Comparison): string {
  const notice = syntheticNotice(comparison);
  const found = warnings(comparison);
  const blocks = [
    notice === undefined ? '' : `**${markdown(notice)}**`,
    `## ${markdown(comparison.title)}: which point is best, and is it more than noise?`,
    markdown(answer(comparison)),
    `**${markdown(verdict(comparison).text)}**`,
    markdown(noise(comparison)),
    markdown(loudness(comparison).text),
    markdown(selection(comparison)),
    pointRows(comparison),
    failedRows(comparison),
    found.length === 0
      ? ''
      : `### Read with care\n\n${found.map((warning) => `- ${markdown(warning.text)}`).join('\n')}`,
    `### How the points were compared\n\n${markdown(method(comparison))}`,
    'Plots are in comparison.html, all numbers in comparison.json, comparison.csv and comparison.arrow.',
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function pointRows(comparison: Comparison): string {
  const { points, parameters } = comparison;
  const labelled = needsLabels(comparison);
  const heads = [
    ...(labelled ? ['Point'] : []),
    ...shortNames(parameters).map(markdown),
    'UAR, %',
    'interval',
    'spread, seeds',
    'spread, folds',
    'WA, %',
    'to the baseline',
    'p, Holm',
    'That is',
    'Collapsed folds',
  ];
  const leading = (labelled ? 1 : 0) + parameters.length;
  return [
    row(heads),
    row(heads.map((_, index) => (index < leading ? '---' : '---:'))),
    ...points.map((point) =>
      row([
        ...(labelled ? [markdown(point.label)] : []),
        ...parameters.map((key) =>
          key in point.parameters ? markdown(valueText(point.parameters[key])) : '–',
        ),
        `**${percentPoints(point.uar.mean)}**`,
        `${percentPoints(point.uar.low)}–${percentPoints(point.uar.high)}`,
        orDash(point.uar.deviationOverSeeds),
        orDash(point.uar.deviationOverFolds),
        percentPoints(point.wa.mean),
        ...againstCells(point),
        outOf(point.collapsed, point.trainings),
      ]),
    ),
  ].join('\n');
}

function againstCells({ against }: PointResult): string[] {
  const word = standingWords[against.kind];
  if (!('difference' in against)) return ['–', '–', word];
  return [signed(against.difference.uar), markdown(probability(against.corrected)), word];
}

function failedRows({ failed }: Comparison): string {
  if (failed.length === 0) return '';
  return [
    '### What failed',
    '',
    row(['Point', 'Seed', 'Stage', 'Error', 'Run it alone']),
    row(['---', '---:', '---', '---', '---']),
    ...failed.map(({ label, seed, stage, message, rerun }) =>
      row([label, count(seed), stage, message, rerun].map(markdown)),
    ),
  ].join('\n');
}

function orDash(deviation: number | null): string {
  return deviation === null ? '–' : percentPoints(deviation);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
