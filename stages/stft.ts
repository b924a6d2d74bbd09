import { z } from 'zod';
import { readSamples } from '../lib/artifacts/samples.ts';
import { openSpectraWriter } from '../lib/artifacts/spectra.ts';
import { binsUpTo } from '../lib/dsp/bins.ts';
import { isPowerOfTwo } from '../lib/dsp/fft.ts';
import { planStft } from '../lib/dsp/stft.ts';
import { windowNames } from '../lib/dsp/window.ts';
import type { ParameterIssue, Run, UpstreamStage } from '../lib/pipeline/stage.ts';

export const summary = 'short-time Fourier transform: the power of each frame and frequency';

export const parameters = () =>
  z.strictObject({
    window: z
      .enum(windowNames)
      .default('hamming')
      .describe(
        "what weighs a frame's samples; the paper says hamming, its authors' code used hann",
      ),
    size: z
      .int()
      .min(4)
      .max(65_536)
      .refine(isPowerOfTwo, 'a frame has a power of two of samples, such as 1024 or 2048.')
      .default(2048)
      .describe('samples in a frame, a power of two'),
    hop: z.int().min(1).default(512).describe('samples from one frame to the next'),
    centre: z
      .boolean()
      .default(true)
      .describe('centre frame t on sample t x hop; otherwise it begins there'),
    padding: z
      .enum(['reflect', 'zero'])
      .default('reflect')
      .describe('what stands beyond the ends of a clip, with centre: true'),
    fmax: z
      .number()
      .positive()
      .default(8000)
      .describe('frequencies above are not kept, Hz; mel can reach no higher'),
  });

export const reads = { samples: 'samples.arrow' } as const;
export const writes = { spectra: 'spectra.arrow' } as const;
export const appends = true;
export const leavesNothing = true;

/** Large, and quickly made again: the first to go when room is needed. */
export const keep = false;

type Params = z.output<ReturnType<typeof parameters>>;

/** A clip must fill a frame, and reach far enough to be reflected. */
export function check(
  { size, centre, padding }: Params,
  upstream: readonly UpstreamStage[],
): ParameterIssue[] {
  const decode = upstream.find(({ use }) => use === 'decode')?.params;
  if (decode === undefined) return [];
  const samples = Math.trunc(Number(decode['duration']) * Number(decode['rate']));
  const needed = !centre ? size : padding === 'reflect' ? size / 2 + 1 : 1;
  if (samples >= needed) return [];
  const message = `the clips have ${samples} samples, and frames of ${size} need at least ${needed}.`;
  return [{ parameter: 'size', message }];
}

export async function run({
  params,
  inputs,
  outputs,
  progress,
  signal,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const { facts, count, rows } = await readSamples(inputs.samples.path);
  const { size, hop, window, centre, fmax } = params;
  // Of a clip at 44,100 Hz two thirds of the frequencies lie above 8,000 Hz, where no band of mel is.
  const stft = planStft({ ...params, bins: binsUpTo(fmax, size, facts.rateHz) });
  const spectra = await openSpectraWriter(outputs.spectra, {
    rateHz: facts.rateHz,
    size,
    hop,
    window,
    centred: centre,
  });
  try {
    const frames = stft.frames(facts.samples);
    const power = new Float32Array(frames * stft.bins);
    let done = 0;
    // Not spread over threads: handing a clip over takes longer than its transform.
    for await (const { clip, samples } of rows) {
      signal.throwIfAborted();
      stft.power(samples, power);
      await spectra.write({ clip, frames, bins: stft.bins, power });
      progress((done += 1), count, 'clips');
    }
    await spectra.close();
  } finally {
    await spectra.abort();
  }
}
