import { describe, expect, it } from 'vitest';
import { readTable } from '../../lib/artifacts/reader.ts';
import { writeSamples } from '../../lib/artifacts/samples.ts';
import { spectraSchema } from '../../lib/artifacts/spectra.ts';
import { planStft } from '../../lib/dsp/stft.ts';
import { check, keep, parameters, run } from '../../stages/stft.ts';
import { temporaryFolder } from '../artifacts/folder.ts';
import { noise } from '../dsp/signals.ts';
import { inputFile, surroundings } from './small-corpus.ts';

const at = temporaryFolder();

/** Twenty clips of 3,000 samples: more than one batch. */
const clips = Array.from({ length: 20 }, (_, i) => ({
  clip: `clip-${String(i).padStart(2, '0')}`,
  samples: noise(3000).map((value) => (value * (i + 1)) / 20),
}));

async function stft(params: Record<string, unknown>, around = surroundings()) {
  const input = at('samples.arrow');
  await writeSamples(input, { rateHz: 44_100, samples: 3000 }, clips);
  await run({
    ...around,
    params: parameters().parse(params),
    inputs: { samples: inputFile(input, 'decode') },
    outputs: { spectra: at('spectra.arrow') },
  });
  return readTable(spectraSchema, at('spectra.arrow'));
}

function upstream(params: Record<string, unknown>) {
  return [{ name: 'decode', use: 'decode', params, needs: {} }];
}

describe('stft', () => {
  it('writes the spectrum of every clip, in order', async () => {
    const progress: unknown[][] = [];
    const around = { ...surroundings(), progress: (...told: unknown[]) => progress.push(told) };
    const whole = { size: 512, hop: 200, window: 'hann', fmax: 22_050 };
    const { facts, rows } = await stft(whole, around);
    expect(facts).toEqual({ rateHz: 44_100, size: 512, hop: 200, window: 'hann', centred: true });
    expect(rows.map(({ clip }) => clip)).toEqual(clips.map(({ clip }) => clip));
    const options = { size: 512, hop: 200, window: 'hann', centre: true } as const;
    const plan = planStft({ ...options, padding: 'reflect' });
    for (const [i, { frames, bins, power }] of rows.entries()) {
      expect([frames, bins]).toEqual([16, 257]);
      expect(power).toEqual(plan.power(clips[i]!.samples));
    }
    expect(progress.at(0)).toEqual([1, 20, 'clips']);
    expect(progress.at(-1)).toEqual([20, 20, 'clips']);
  });

  it('keeps the frequencies up to fmax, or all there are', async () => {
    const all = await stft({ fmax: 96_000 });
    const low = await stft({});
    expect(all.rows.map(({ bins }) => bins)).toEqual(clips.map(() => 1025));
    expect(low.rows.map(({ bins }) => bins)).toEqual(clips.map(() => 373));
    const first = low.rows[0]!;
    for (let t = 0; t < first.frames; t += 1) {
      const kept = all.rows[0]!.power.subarray(t * 1025, t * 1025 + 373);
      expect(first.power.subarray(t * 373, (t + 1) * 373)).toEqual(kept);
    }
  });

  it('has the defaults of the paper, and is not kept', () => {
    expect(parameters().parse({})).toEqual({
      window: 'hamming',
      size: 2048,
      hop: 512,
      centre: true,
      padding: 'reflect',
      fmax: 8000,
    });
    expect(keep).toBe(false);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const around = {
      ...surroundings(),
      signal: stop.signal,
      progress: (done: number) => {
        if (done === 3) stop.abort(new Error('stopped'));
      },
    };
    await expect(stft({}, around)).rejects.toThrow('stopped');
  });

  it('refuses a size that is no power of two', () => {
    expect(parameters().safeParse({ size: 2000 }).error?.issues[0]?.message).toBe(
      'a frame has a power of two of samples, such as 1024 or 2048.',
    );
  });

  it('refuses frames that the clips cannot fill or be mirrored for, before anything runs', () => {
    const issues = (params: Record<string, unknown>, duration: number) =>
      check(parameters().parse(params), upstream({ rate: 1000, duration })).map(
        ({ message }) => message,
      );
    expect(issues({}, 3)).toEqual([]);
    expect(issues({}, 1.025)).toEqual([]);
    expect(issues({}, 1.0249)).toEqual([
      'the clips have 1024 samples, and frames of 2048 need at least 1025.',
    ]);
    expect(issues({ padding: 'zero' }, 0.001)).toEqual([]);
    expect(issues({ centre: false }, 2.047)).toEqual([
      'the clips have 2047 samples, and frames of 2048 need at least 2048.',
    ]);
    expect(check(parameters().parse({}), [])).toEqual([]);
  });
});
