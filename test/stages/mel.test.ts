import { describe, expect, it } from 'vitest';
import { loadMelMeans } from '../../lib/artifacts/mel-means.ts';
import { melSpectrogramsSchema } from '../../lib/artifacts/mel-spectrogram.ts';
import { readTable } from '../../lib/artifacts/reader.ts';
import { writeSpectra } from '../../lib/artifacts/spectra.ts';
import { melBank, planLogMel } from '../../lib/dsp/mel.ts';
import { planStft } from '../../lib/dsp/stft.ts';
import { check, parameters, run } from '../../stages/mel.ts';
import { temporaryFolder } from '../artifacts/folder.ts';
import { noise } from '../dsp/signals.ts';
import { inputFile, surroundings } from './small-corpus.ts';

const at = temporaryFolder();

const stft = planStft({ window: 'hann', size: 512, hop: 200, centre: true, padding: 'reflect' });
const spectraFacts = { rateHz: 16_000, size: 512, hop: 200, window: 'hann', centred: true };

/** Twenty clips of 16 frames: more than one batch. */
const spectra = Array.from({ length: 20 }, (_, i) => ({
  clip: `clip-${String(i).padStart(2, '0')}`,
  frames: 16,
  bins: 257,
  power: stft.power(noise(3000).map((value) => (value * (i + 1)) / 20)),
}));

async function mel(params: Record<string, unknown>, around = surroundings(), rows = spectra) {
  await writeSpectra(at('spectra.arrow'), spectraFacts, rows);
  await run({
    ...around,
    params: parameters().parse(params),
    inputs: { spectra: inputFile(at('spectra.arrow'), 'stft') },
    outputs: { means: at('means.arrow'), spectrograms: at('spectrograms.arrow') },
  });
  return {
    means: await loadMelMeans(at('means.arrow')),
    spectrograms: await readTable(melSpectrogramsSchema, at('spectrograms.arrow')),
    logged: around.logged,
  };
}

describe('mel', () => {
  it('writes the spectrogram and its means for every clip, in order', async () => {
    const { means, spectrograms, logged } = await mel({ bands: 40, fmin: 50, fmax: 7600 });
    const facts = {
      frames: 16,
      bands: 40,
      fmin: 50,
      fmax: 7600,
      hopSeconds: 0.0125,
      centred: true,
    };
    expect(means.facts).toEqual(facts);
    expect(spectrograms.facts).toEqual(facts);
    const bank = melBank({ rateHz: 16_000, size: 512, bands: 40, fmin: 50, fmax: 7600 });
    const logMel = planLogMel(bank, { amin: 1e-10, floorDb: 80 });
    const expected = spectra.map(({ clip, power }) => ({ clip, ...logMel(power) }));
    expect(spectrograms.rows).toEqual(
      expected.map(({ clip, db }) => ({ clip, frames: 16, bands: 40, db })),
    );
    expect(means.rows).toEqual(expected.map(({ clip, meanDb }) => ({ clip, meanDb })));
    expect(logged).toEqual([]);
  });

  it('gives the same of spectra that end where its highest band does', async () => {
    const whole = await mel({ bands: 40, fmax: 4000 });
    const low = spectra.map((row) => ({
      ...row,
      bins: 129,
      power: row.power.filter((_, i) => i % 257 < 129),
    }));
    expect(await mel({ bands: 40, fmax: 4000 }, surroundings(), low)).toEqual(whole);
  });

  it('says when bands fall between the frequencies', async () => {
    const { logged } = await mel({ bands: 400 });
    expect(logged).toEqual(['95 of 400 bands are too narrow to hold a frequency of frames of 512']);
  });

  it('has the defaults of the paper', () => {
    const defaults = { bands: 128, fmin: 0, fmax: 8000, floorDb: 80, amin: 1e-10 };
    expect(parameters().parse({})).toEqual(defaults);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(mel({}, { ...surroundings(), signal: stop.signal })).rejects.toThrow('stopped');
  });

  it('counts an empty table as a bug, since decode refuses it', async () => {
    await expect(mel({}, surroundings(), [])).rejects.toThrow(
      'Internal error: there are no spectra',
    );
  });

  it('refuses edges in the wrong order, and above half the rate, before anything runs', () => {
    expect(parameters().safeParse({ fmin: 9000 }).error?.issues).toMatchObject([
      { path: ['fmax'], message: 'the upper edge must lie above the lower one.' },
    ]);
    const issues = (rate: number) =>
      check(parameters().parse({}), [
        { name: 'decode', use: 'decode', params: { rate }, needs: {} },
      ]);
    expect(issues(16_000)).toEqual([]);
    expect(issues(15_999)).toEqual([
      {
        parameter: 'fmax',
        message: 'clips at 15999 Hz hold nothing above 7999.5 Hz, and fmax is 8000.',
      },
    ]);
    expect(check(parameters().parse({}), [])).toEqual([]);
  });

  it('refuses an edge above what the spectra are kept up to, before anything runs', () => {
    const upstream = [
      { name: 'decode', use: 'decode', params: { rate: 44_100 }, needs: {} },
      { name: 'narrow', use: 'stft', params: { fmax: 8000 }, needs: {} },
    ];
    expect(check(parameters().parse({}), upstream)).toEqual([]);
    expect(check(parameters().parse({ fmax: 8001 }), upstream)).toEqual([
      {
        parameter: 'fmax',
        message:
          'the spectra are kept up to 8000 Hz (narrow.fmax), and fmax is 8001: set narrow.fmax to 8001 too.',
      },
    ]);
  });
});
