import { sortedJson } from '../sorted-json.ts';
import type { Comparison } from './data.ts';
import { method } from './method.ts';
import { answer, loudness, noise, selection, verdict } from './sentences.ts';
import { warnings } from './warnings.ts';

/** Raised when a reader of comparison.json would have to change. */
const comparisonVersion = 1;

/** comparison.json: all that the page says, for machines. Keys are sorted; shares are 0 to 1. */
export function comparisonJson(comparison: Comparison): string {
  const { points, best } = comparison;
  return `${sortedJson(
    {
      ...comparison,
      format: 'emotion-in-motion-comparison',
      version: comparisonVersion,
      answer: answer(comparison),
      verdict: verdict(comparison).text,
      noise: noise(comparison),
      selection: selection(comparison),
      loudness: loudness(comparison).text,
      methods: method(comparison),
      best: points[best]!.label,
      guessing: 1 / comparison.classes.length,
      warnings: warnings(comparison),
    },
    2,
  )}\n`;
}
