import { shortNames } from '../../pipeline/parameter-names.ts';
import { head, number, tableHtml, text, type Cell } from '../tables.ts';
import { count, html, nameHtml, points as percentPoints, valueText } from '../text.ts';
import type { Against, Comparison, PointResult } from './data.ts';
import { bestOf, chosenOf, type Chosen } from './sentences.ts';
import { outOf, probability, signed, standingWords } from './words.ts';

/** Every point: its varying parameters, what it scores, and how it stands to the baseline. */
export function pointTable(comparison: Comparison): string {
  const { points, parameters } = comparison;
  const labelled = needsLabels(comparison);
  const names = shortNames(parameters);
  const landmarks = loudnessDiffers(points);
  const chosen = chosenOf(comparison);
  const bestTag = ` <span class="tag good">${chosen === undefined ? 'highest UAR' : 'highest on the test folds'}</span>`;
  const table = tableHtml({
    caption: 'UAR, WA (plain accuracy) and spreads in percent, differences in percentage points',
    sortable: true,
    heads: [
      ...(labelled ? [text('Point')] : []),
      ...parameters.map((key, index) =>
        isNumeric(points, key) ? number(html(names[index]!)) : text(html(names[index]!)),
      ),
      number('UAR'),
      number('its<br>interval'),
      number('spread,<br>seeds'),
      number('spread,<br>folds'),
      number('WA'),
      number('to the<br>baseline'),
      number('its<br>interval'),
      number('p,<br>Holm'),
      text('That is'),
      ...(chosen === undefined ? [] : [number('Chosen,<br>folds')]),
      ...(landmarks ? [number('UAR,<br>loudness')] : []),
      number('Collapsed<br>folds'),
      number('Weights'),
      number('Steps'),
    ],
    rows: points.map((point) => {
      const cells = parameters.map((key) => parameterCell(points, point, key));
      const [first, ...others] = cells;
      const leading =
        labelled || first === undefined
          ? [{ ...head(nameHtml(point.label)), sort: point.label }, ...cells]
          : [{ ...first, heads: true }, ...others];
      return [
        ...leading,
        ...scoreCells(point),
        ...againstCells(point.against, isBest(point, comparison) ? bestTag : ''),
        ...(chosen === undefined ? [] : [chosenCell(point, chosen)]),
        ...(landmarks ? [loudnessCell(point)] : []),
        sorted(outOf(point.collapsed, point.trainings), point.collapsed),
        sorted(count(point.weights), point.weights),
        sorted(count(point.steps), point.steps),
      ];
    }),
  });
  return `<div class="points">${table}</div>`;
}

/** Labels say no more than the parameters where every value stands in them. */
export function needsLabels({ points, parameters }: Comparison): boolean {
  if (parameters.length === 0) return true;
  const bare = (value: string): string => value.replaceAll(/\s/g, '');
  return !points.every(({ label, parameters: of }) =>
    Object.values(of).every((value) => bare(label).includes(bare(valueText(value)))),
  );
}

function parameterCell(points: readonly PointResult[], point: PointResult, key: string): Cell {
  if (!(key in point.parameters)) return text('–');
  const value = point.parameters[key];
  const shown = `<span class="value">${nameHtml(valueText(value))}</span>`;
  if (isNumeric(points, key)) return { ...number(shown), sort: value as number };
  return { ...text(shown), sort: valueText(value) };
}

function isNumeric(points: readonly PointResult[], key: string): boolean {
  return points.every(
    ({ parameters }) => !(key in parameters) || typeof parameters[key] === 'number',
  );
}

function isBest(point: PointResult, comparison: Comparison): boolean {
  return point === bestOf(comparison) && comparison.points.length > 1;
}

function scoreCells({ uar, wa }: PointResult): Cell[] {
  return [
    sorted(`<b>${percentPoints(uar.mean)}</b>`, uar.mean),
    sorted(range(uar.low, uar.high), uar.low),
    spread(uar.deviationOverSeeds),
    spread(uar.deviationOverFolds),
    sorted(percentPoints(wa.mean), wa.mean),
  ];
}

function againstCells(against: Against, tag: string): Cell[] {
  const none = number('–');
  const word = standingWords[against.kind];
  const told = (tone: 'better' | 'worse' | 'same'): string =>
    `<span class="${tone}">${word}</span>${tag}`;
  if (!('difference' in against)) return [none, none, none, text(told('same'))];
  const { difference, corrected, kind } = against;
  return [
    sorted(signed(difference.uar), difference.uar),
    sorted(`${signed(difference.low)} to ${signed(difference.high)}`, difference.low),
    sorted(html(probability(corrected)), corrected),
    { ...text(told(kind === 'better' || kind === 'worse' ? kind : 'same')), sort: word },
  ];
}

/** For how many of the outer folds nested selection chose the point. */
function chosenCell({ label }: PointResult, { choices }: Chosen): Cell {
  const times = choices.filter(({ point }) => point === label).length;
  return sorted(outOf(times, choices.length), times);
}

function loudnessCell({ landmarks }: PointResult): Cell {
  const uar = landmarks.find(({ model }) => model === 'loudness')?.uar;
  return uar === undefined ? number('–') : sorted(percentPoints(uar), uar);
}

/** Points on other folds or features have loudness baselines of their own. */
function loudnessDiffers(points: readonly PointResult[]): boolean {
  const values = points.map(
    ({ landmarks }) => landmarks.find(({ model }) => model === 'loudness')?.uar,
  );
  return new Set(values).size > 1;
}

function spread(deviation: number | null): Cell {
  return deviation === null ? number('–') : sorted(percentPoints(deviation), deviation);
}

function range(low: number, high: number): string {
  return `${percentPoints(low)}–${percentPoints(high)}`;
}

function sorted(shown: string, value: number): Cell {
  return { ...number(shown), sort: value };
}
