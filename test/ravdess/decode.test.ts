import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDecode, type DecodeOutcome } from '../stages/decode-harness.ts';

const corpus = process.env['RAVDESS_DIR'] ?? '';

describe.skipIf(corpus === '')('decode on RAVDESS', () => {
  let folder = '';
  let outcome: DecodeOutcome;
  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'decode-ravdess-'));
    outcome = await runDecode(corpus, folder, {}, { keepSamples: false });
  }, 900_000);
  afterAll(() => fs.rm(folder, { recursive: true }));

  it('keeps 510 clips of 3 s: 134 happy, 174 angry, 52 neutral, 150 sad', () => {
    const { log, samples, facts } = outcome;
    expect(log.slice(-2)).toEqual([
      expect.stringMatching(
        /^672 of (672|1,440) files: neutral, happy, sad, angry; 510 kept, 162 shorter than 3.5 s$/,
      ),
      'kept: neutral 52, happy 134, sad 150, angry 174',
    ]);
    expect(samples.size).toBe(510);
    expect(facts.samples).toBe(132_300);
    expect(new Set([...samples.values()].map(({ length }) => length))).toEqual(new Set([132_300]));
  });

  it('finds 24 speakers, half of them female, and the one clip that is stereo', () => {
    const speakers = new Map(outcome.clips.map(({ speaker, sex }) => [speaker, sex]));
    expect(speakers.size).toBe(24);
    expect([...speakers.values()].filter((sex) => sex === 'female').length).toBe(12);
    const stereo = outcome.clips.filter(({ channels, label }) => channels === 2 && label >= 0);
    expect(stereo.map(({ clip }) => clip.split('/').at(-1))).toEqual(['03-01-03-01-02-01-20']);
  });
});
