import fs from 'node:fs/promises';
import path from 'node:path';
import { readClips, type Clip, type ClipsFacts } from '../../lib/artifacts/clips.ts';
import { readSamples } from '../../lib/artifacts/samples.ts';
import { findFfmpeg } from '../../lib/audio/ffmpeg-find.ts';
import * as ravdess from '../../lib/corpus/ravdess.ts';
import { inOrder } from '../../lib/pipeline/in-order.ts';
import * as decode from '../../stages/decode.ts';

export interface DecodeOutcome {
  readonly facts: ClipsFacts;
  readonly clips: readonly Clip[];
  readonly samples: ReadonlyMap<string, Float32Array>;
  readonly log: readonly string[];
  readonly progress: readonly [number, number, string | undefined][];
  /** The bytes of both artifacts. */
  readonly bytes: readonly Buffer[];
}

/** Runs the stage on a folder, as the engine does once the layout is known. */
export async function runDecode(
  corpus: string,
  folder: string,
  set: Readonly<Record<string, unknown>> = {},
  {
    jobs = 2,
    signal = new AbortController().signal,
    keepSamples = true,
    onProgress = (): void => undefined,
  } = {},
): Promise<DecodeOutcome> {
  const params = decode.parameters().parse({ corpus, layout: 'ravdess', ...set });
  const out = await fs.mkdtemp(path.join(folder, 'out-'));
  const outputs = {
    clips: path.join(out, 'clips.arrow'),
    samples: path.join(out, 'samples.arrow'),
  };
  const log: string[] = [];
  const progress: [number, number, string | undefined][] = [];
  await decode.run({
    params,
    inputs: {},
    outputs,
    parts: { layout: ravdess },
    each: {},
    tools: { ffmpeg: await findFfmpeg({}) },
    upstream: [],
    packages: {},
    spread: (work) => (items) =>
      inOrder(items, { jobs, ahead: jobs }, async (item) =>
        work(item, (length) => new Float32Array(length)),
      ),
    progress: (done, total, note) => {
      progress.push([done, total, note]);
      onProgress();
    },
    log: (line) => log.push(line),
    signal,
    safePoint: () => Promise.resolve(),
  });
  const { facts, rows: clips } = await readClips(outputs.clips);
  const samples = new Map<string, Float32Array>();
  const { rows } = await readSamples(outputs.samples);
  for await (const row of rows) {
    samples.set(row.clip, keepSamples ? row.samples.slice() : new Float32Array(row.samples.length));
  }
  const bytes = await Promise.all([fs.readFile(outputs.clips), fs.readFile(outputs.samples)]);
  return { facts, clips, samples, log, progress, bytes };
}
