import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeClip } from '../../lib/audio/decode-clip.ts';
import { findFfmpeg } from '../../lib/audio/ffmpeg-find.ts';
import { melBank, planLogMel } from '../../lib/dsp/mel.ts';
import { planStft } from '../../lib/dsp/stft.ts';

/**
 * The authors' published features of actor 01 (features_actor01.csv of their repository, 21 clips of
 * 259 numbers, printed with six decimals and more), made with librosa in 2020 and its default window.
 */
const corpus = process.env['RAVDESS_DIR'];
const published = new URL('../fixtures/features_actor01.csv', import.meta.url);

const stft = planStft({ window: 'hann', size: 2048, hop: 512, centre: true, padding: 'reflect' });
const bank = melBank({ rateHz: 44_100, size: 2048, bands: 128, fmin: 0, fmax: 8000 });
const logMel = planLogMel(bank, { amin: 1e-10, floorDb: 80 });
const cut = { rateHz: 44_100, offsetSeconds: 0.5, durationSeconds: 3, short: 'drop' } as const;

describe.skipIf(corpus === undefined)("the authors' features", () => {
  it('are ours, on all clips of actor 01', async () => {
    const ffmpeg = await findFfmpeg(process.env);
    const rows = (await readFile(published, 'utf8')).trim().split('\n').slice(1);
    const differences: number[] = [];
    for (const row of rows) {
      const [clip, ...cells] = row.split(',');
      const file = path.join(corpus!, 'Actor_01', `${clip!}.flac`);
      const decoded = await decodeClip({ ffmpeg, file, cut, signal: new AbortController().signal });
      if ('bad' in decoded || decoded.samples === undefined) throw new Error(`${file} is bad`);
      const { meanDb: means } = logMel(stft.power(decoded.samples));
      expect(means).toHaveLength(259);
      expect(cells).toHaveLength(259);
      differences.push(Math.max(...cells.map((cell, t) => Math.abs(Number(cell) - means[t]!))));
    }
    differences.sort((a, b) => a - b);
    const median = differences[(differences.length - 1) / 2]!;
    const worst = differences.at(-1)!;
    console.log(`largest difference a clip: median ${median} dB, worst ${worst} dB`);
    expect(differences).toHaveLength(21);
    expect(median).toBeLessThanOrEqual(5e-5);
    expect(worst).toBeLessThanOrEqual(5e-4);
  });
});
