import { expect, test } from 'vitest';
import { reportJson } from '../../lib/report/json.ts';
import { reportData } from './fixture.ts';

const report = JSON.parse(reportJson(reportData({ withAuthors: true }))) as Record<string, unknown>;

test('keys are sorted, at every depth', () => {
  const check = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) {
      // Names that are whole numbers come first in JavaScript, whatever is done.
      const keys = Object.keys(value).filter((key) => !/^\d+$/.test(key));
      expect(keys).toEqual([...keys].sort());
    }
    Object.values(value).forEach(check);
  };
  check(report);
});

test('it is versioned and holds the scores as they are', () => {
  expect(report['format']).toBe('emotion-in-motion-report');
  expect(report['version']).toBe(1);
  expect(report['headline']).toBe('evaluate');
  const [headline] = reportData().evaluations;
  const score = headline.scores.find(({ model, fold }) => model === 'network' && fold === 0);
  expect(report).toMatchObject({
    evaluations: [
      {
        name: 'evaluate',
        models: [{ model: 'network', pooled: score }, { model: 'loudness' }, { model: 'majority' }],
      },
      { name: 'evaluate-authors' },
    ],
    corpus: { name: 'Emotion sample', synthetic: true, files: { kept: 176 } },
    split: { by: 'clip', speakersShared: 8 },
    packages: { 'apache-arrow': '21.2.0' },
  });
});

test('the attention of `authors` has no positions', () => {
  expect(report).toMatchObject({ evaluations: [{ attention: 'equations' }, { positions: [] }] });
});
