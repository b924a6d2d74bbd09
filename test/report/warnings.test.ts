import { describe, expect, test } from 'vitest';
import { warnings } from '../../lib/report/warnings.ts';
import type { ClipFact } from '../../lib/report/data.ts';
import { reportData, type Wishes } from './fixture.ts';

const codes = (wishes: Wishes): string[] => warnings(reportData(wishes)).map(({ code }) => code);

const clip = (fate: string, more: Partial<ClipFact> = {}): ClipFact => ({
  clip: `Actor_09/${fate}`,
  file: `Actor_09/${fate}.mp3`,
  speaker: '09',
  sex: 'male',
  emotion: 'sad',
  durationSeconds: 2,
  rateHz: 48000,
  channels: 1,
  lossy: false,
  fate,
  reason: '',
  label: 2,
  ...more,
});

describe('warnings', () => {
  test('of a synthetic corpus and shared speakers come first', () => {
    expect(codes({}).slice(0, 2)).toEqual(['synthetic-corpus', 'speakers-shared']);
  });

  test('of neither where there is neither', () => {
    const found = codes({ synthetic: false, by: 'speaker' });
    expect(found).not.toContain('synthetic-corpus');
    expect(found).not.toContain('speakers-shared');
  });

  test('name the collapsed folds of the network, and never the majority’s', () => {
    expect(codes({})).not.toContain('collapsed-folds');
    const found = warnings(reportData({ collapsedFold: 3 }));
    expect(found.find(({ code }) => code === 'collapsed-folds')?.text).toBe(
      'The network collapsed in fold 3: it gave every test clip the same class, and learned nothing there.',
    );
  });

  test('name a backend that promises nothing', () => {
    expect(codes({})).not.toContain('backend-not-deterministic');
    for (const backend of ['wasm', 'tfjs-wasm']) {
      expect(codes({ backend })).not.toContain('backend-not-deterministic');
    }
    expect(codes({ backend: 'tensorflow' })).toContain('backend-not-deterministic');
  });

  test('count short, broken and lossy files', () => {
    const extraClips = [clip('short'), clip('broken'), clip('kept', { lossy: true })];
    const found = warnings(reportData({ extraClips }));
    expect(found.slice(-3).map(({ code }) => code)).toEqual([
      'short-clips',
      'broken-files',
      'lossy-files',
    ]);
    expect(found.at(-2)?.text).toBe(
      '1 file could not be read and was skipped; the list is under “Corpus”.',
    );
  });

  test('say where an earlier epoch did better on the test fold', () => {
    const found = warnings(reportData()).find(({ code }) => code === 'last-epoch-not-best');
    expect(found?.text).toMatch(/fold 1 \d+\.\d % \(\d+\.\d % after epoch \d+\)/);
  });
});
