import { z } from 'zod';
import { openMelMeansWriter } from '../lib/artifacts/mel-means.ts';
import { openMelSpectrogramsWriter } from '../lib/artifacts/mel-spectrogram.ts';
import { readSpectra, type Spectrum } from '../lib/artifacts/spectra.ts';
import { melBank, planLogMel } from '../lib/dsp/mel.ts';
import type { ParameterIssue, Run, UpstreamStage } from '../lib/pipeline/stage.ts';

export const summary = 'mel bands in decibels, and the mean over the bands for each frame';

export const parameters = () =>
  z
    .strictObject({
      bands: z.int().min(1).max(1024).default(128).describe('mel bands'),
      fmin: z.number().min(0).default(0).describe('lower edge of the lowest band, Hz'),
      fmax: z.number().positive().default(8000).describe('upper edge of the highest band, Hz'),
      floorDb: z
        .number()
        .positive()
        .default(80)
        .describe("decibels below the clip's maximum at which it is cut off"),
      amin: z
        .number()
        .positive()
        .default(1e-10)
        .describe('power below which nothing is told apart'),
    })
    .refine(({ fmin, fmax }) => fmin < fmax, {
      path: ['fmax'],
      message: 'the upper edge must lie above the lower one.',
    });

export const reads = { spectra: 'spectra.arrow' } as const;
export const writes = { means: 'mel-means.arrow', spectrograms: 'mel-spectrogram.arrow' } as const;
export const appends = true;
export const leavesNothing = true;

type Params = z.output<ReturnType<typeof parameters>>;
type Shape = Pick<Spectrum, 'frames' | 'bins'>;

export function check({ fmax }: Params, upstream: readonly UpstreamStage[]): ParameterIssue[] {
  const rate = Number(upstream.find(({ use }) => use === 'decode')?.params['rate']);
  const stft = upstream.findLast(({ use }) => use === 'stft');
  const kept = Number(stft?.params['fmax']);
  if (fmax > rate / 2) {
    const message = `clips at ${rate} Hz hold nothing above ${rate / 2} Hz, and fmax is ${fmax}.`;
    return [{ parameter: 'fmax', message }];
  }
  if (fmax > kept) {
    const message = `the spectra are kept up to ${kept} Hz (${stft!.name}.fmax), and fmax is ${fmax}: set ${stft!.name}.fmax to ${fmax} too.`;
    return [{ parameter: 'fmax', message }];
  }
  return [];
}

export async function run({
  params,
  inputs,
  outputs,
  progress,
  log,
  signal,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const { facts, count, rows } = await readSpectra(inputs.spectra.path);
  const { bands, fmin, fmax } = params;
  const { rateHz, size, hop, centred } = facts;
  const { frames, bins } = await shapeOfEach(rows);
  const bank = melBank({ rateHz, size, bands, fmin, fmax, bins });
  const logMel = planLogMel(bank, params);

  const empty = bank.weights.filter((band) => band.every((weight) => weight === 0)).length;
  if (empty > 0) {
    log(`${empty} of ${bands} bands are too narrow to hold a frequency of frames of ${size}`);
  }

  const shared = { frames, bands, fmin, fmax, hopSeconds: hop / rateHz, centred };
  const means = await openMelMeansWriter(outputs.means, shared);
  const spectrograms = await openMelSpectrogramsWriter(outputs.spectrograms, shared);
  try {
    const made = { db: new Float32Array(frames * bands), meanDb: new Float32Array(frames) };
    let done = 0;
    // Not spread over threads: handing a clip over takes longer than its bands.
    for await (const { clip, power } of rows) {
      signal.throwIfAborted();
      const { db, meanDb } = logMel(power, made);
      await spectrograms.write({ clip, frames, bands, db });
      await means.write({ clip, meanDb });
      progress((done += 1), count, 'clips');
    }
    await spectrograms.close();
    await means.close();
  } finally {
    await spectrograms.abort();
    await means.abort();
  }
}

/** All clips have the same length, so the first one tells. */
async function shapeOfEach(rows: AsyncIterable<Shape>): Promise<Shape> {
  for await (const { frames, bins } of rows) return { frames, bins };
  throw new Error('Internal error: there are no spectra');
}
