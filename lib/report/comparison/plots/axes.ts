import { log10 } from '../../../math/portable.ts';
import { valueText } from '../../text.ts';
import type { Comparison, PointResult } from '../data.ts';

/** A parameter that varies, with its values in the order in which a plot shows them. */
export interface Axis {
  readonly key: string;
  readonly name: string;
  /** Distinct: numbers ascending, everything else in the order of the points. */
  readonly values: readonly unknown[];
  /** Every point has a number for it. */
  readonly numeric: boolean;
}

/** The axis of a parameter. */
export function axisOf(points: readonly PointResult[], key: string, name: string): Axis {
  const all = points.map(({ parameters }) => parameters[key]);
  const distinct = [...new Map(all.map((value) => [valueText(value), value])).values()];
  const numbers = distinct.filter((value) => typeof value === 'number');
  const numeric = numbers.length === distinct.length && distinct.length > 1;
  return { key, name, numeric, values: numeric ? numbers.sort((a, b) => a - b) : distinct };
}

/** Where a point stands on an axis: the place among its values. */
export function placeOn({ key, values }: Axis, { parameters }: PointResult): number {
  const value = valueText(parameters[key]);
  return values.findIndex((one) => valueText(one) === value);
}

/** Numbers over two powers of ten or more are told apart by their logarithm only. */
export function positionsOf({ values }: Axis): readonly number[] {
  const numbers = values as readonly number[];
  const lowest = numbers[0]!;
  const logarithmic = lowest > 0 && numbers.at(-1)! / lowest >= 100;
  return logarithmic ? numbers.map((value) => log10(value)) : numbers;
}

/** A value for a narrow place: without blanks, cut in its middle where it is long; a number to three digits. */
export function shortText(value: unknown, most: number): string {
  const text = valueText(value).replaceAll(', ', ',');
  if (text.length <= most) return text;
  if (typeof value === 'number') return String(Number(value.toPrecision(3)));
  const head = Math.ceil((most - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

/** What a picture calls a point: the values of its parameters, or its label. */
export function pointName({ label, parameters }: PointResult, keys: readonly string[]): string {
  if (keys.length === 0) return shortText(label, 26);
  const share = Math.max(6, Math.floor((28 - 2 * keys.length) / keys.length));
  return keys.map((key) => shortText(parameters[key], share)).join(' · ');
}

/**
 * The ends of an axis of UAR: all intervals, guessing and the loudness baselines lie within, rounded
 * outwards to five percent.
 */
export function uarDomain({ points, classes }: Comparison): [number, number] {
  const all = [
    1 / classes.length,
    ...points.flatMap(({ uar, landmarks }) => [
      uar.low,
      uar.high,
      ...landmarks.filter(({ model }) => model === 'loudness').map((of) => of.uar),
    ]),
  ];
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  return [Math.floor(low * 20) / 20, Math.max(Math.ceil(high * 20), Math.floor(low * 20) + 1) / 20];
}

/** A UAR that stands in a plot for orientation. */
export interface Mark {
  readonly name: string;
  readonly uar: number;
}

/** Guessing, and the loudness baseline; the lowest and the highest where points have several. */
export function marksOf({ points, classes }: Comparison): readonly Mark[] {
  const loudness = points.flatMap(({ landmarks }) =>
    landmarks.filter(({ model }) => model === 'loudness').map(({ uar }) => uar),
  );
  const guessing = { name: 'guessing', uar: 1 / classes.length };
  if (loudness.length === 0) return [guessing];
  const low = loudness.reduce((a, b) => Math.min(a, b));
  const high = loudness.reduce((a, b) => Math.max(a, b));
  const ends = low === high ? [low] : [low, high];
  return [guessing, ...ends.map((uar) => ({ name: 'loudness', uar }))];
}
