import { describe, expect, test } from 'vitest';
import { comparisonCsv } from '../../../lib/report/comparison/csv.ts';
import type { Comparison, PointResult } from '../../../lib/report/comparison/data.ts';
import { comparisonMarkdown } from '../../../lib/report/comparison/markdown.ts';
import { pEquals, probability, signed } from '../../../lib/report/comparison/words.ts';
import { compared } from './compared.ts';

const small = await compared({
  points: [
    { label: 'a, "b"\nc', parameters: { 'train.channels': [5, 10] }, skill: 0.4 },
    { label: '<b>|*x*', parameters: { 'train.channels': [10, 20] }, skill: 0.6 },
  ],
  seeds: [1],
  folds: 3,
  draws: 50,
});

describe('the CSV', () => {
  test('has a row for each point, quoted where it must be, and every digit of the numbers', () => {
    const lines = comparisonCsv(small).split('\r\n');
    const heads = lines[0]!.split(',');
    expect(heads.slice(0, 6)).toEqual([
      'point',
      'train.channels',
      'seeds',
      'clips',
      'speakers',
      'uar',
    ]);
    expect(lines[1]).toMatch(/^"a, ""b""\nc","\[5, 10\]",1,96,8,0\.\d+,/);
    expect(lines).toHaveLength(4);
    const cells = lines[2]!.replace('"[10, 20]"', 'channels').split(',');
    expect(cells).toHaveLength(heads.length);
    const cell = (name: string): string => cells[heads.indexOf(name)]!;
    const { uar, wa, against } = small.points[1]!;
    expect(cell('uar')).toBe(String(uar.mean));
    expect(cell('wa_high')).toBe(String(wa.high));
    expect(cell('uar_deviation_over_seeds')).toBe('');
    expect(cell('against_baseline')).toBe(against.kind);
    expect('corrected' in against && String(against.corrected)).toBe(cell('p_holm'));
  });
});

describe('the Markdown', () => {
  test('shows names with marks in them as text, on one line', () => {
    const text = comparisonMarkdown(small);
    expect(text).toContain('| &lt;b&gt;\\|\\*x\\* |');
    expect(text).toContain('| a, "b"\ufffdc |');
    expect(text).not.toContain('<b>');
  });

  test('has the table of the points, with a cell for every head', () => {
    const rows = comparisonMarkdown(small)
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replaceAll('\\|', '').split('|').length);
    expect(rows).toHaveLength(4);
    expect(new Set(rows).size).toBe(1);
  });
});

describe('words for numbers', () => {
  test('give differences a sign, but for none', () => {
    expect([0.0214, -0.0214, 0.0004, -0.0004].map(signed)).toEqual(['+2.1', '−2.1', '0.0', '0.0']);
  });

  test('never call a p zero', () => {
    expect([0.3099, 0.001, 0.00099, 1].map(probability)).toEqual([
      '0.310',
      '0.001',
      '< 0.001',
      '1.000',
    ]);
    expect([0.3099, 0.00099].map(pEquals)).toEqual(['p = 0.310', 'p < 0.001']);
  });

  test('call the same what the table calls it', () => {
    const told = (kind: PointResult['against']['kind']): string => {
      const against = { ...small.points[1]!.against, kind } as PointResult['against'];
      const points = [small.points[0]!, { ...small.points[1]!, against }];
      const changed: Comparison = { ...small, points };
      return comparisonMarkdown(changed)
        .split('\n')
        .find((line) => line.startsWith('| &lt;b'))!;
    };
    expect(told('better')).toContain('| better |');
    expect(told('worse')).toContain('| worse |');
    expect(told('noise')).toContain('| within the noise |');
    expect(told('seed-noise')).toContain('| within the seeds’ noise |');
    expect(told('unpaired')).toContain('| on other clips |');
  });
});
