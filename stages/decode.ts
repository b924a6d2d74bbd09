import { z } from 'zod';
import { clipSamples, decodeClip, type ClipCut } from '../lib/audio/decode-clip.ts';
import { writeClips, type Clip } from '../lib/artifacts/clips.ts';
import { openSamplesWriter } from '../lib/artifacts/samples.ts';
import { accountLines, refuseBroken, refuseEmptyClasses } from '../lib/corpus/account.ts';
import { clipRow } from '../lib/corpus/clip-row.ts';
import { readDescription } from '../lib/corpus/description.ts';
import type { CorpusLayout } from '../lib/corpus/layout.ts';
import { CORPUS_FILES, listCorpus } from '../lib/corpus/listing.ts';
import { recogniseLayout } from '../lib/corpus/recognise.ts';
import { layoutModules, layoutNames, layouts } from '../lib/corpus/registry.ts';
import { surveyCorpus, type SurveyedFile } from '../lib/corpus/survey.ts';
import { folderPath, type Choices, type ParameterIssue, type Run } from '../lib/pipeline/stage.ts';

export const summary = 'finds the recordings, decodes them, mixes to mono, cuts and resamples';

export const parameters = () =>
  z.strictObject({
    corpus: folderPath(CORPUS_FILES).describe(
      'folder of recordings; set by the top-level `corpus`',
    ),
    layout: z
      .enum(['auto', ...layoutNames()])
      .default('auto')
      .describe('how the files are named; auto recognises it'),
    emotions: z
      .array(z.string().min(1))
      .min(2)
      .refine((names) => new Set(names).size === names.length, 'an emotion stands there twice')
      .default(['neutral', 'happy', 'sad', 'angry'])
      .describe('the classes, in this order'),
    rate: z.int().min(1000).max(384_000).default(44_100).describe('sampling rate of the clips, Hz'),
    offset: z.number().min(0).default(0.5).describe('where the cut begins in a recording, seconds'),
    duration: z.number().positive().default(3).describe('length of the cut, seconds'),
    short: z
      .enum(['drop', 'pad'])
      .default('drop')
      .describe('recordings that end before the cut does: left out, or padded with zeros'),
    onBadFile: z
      .enum(['fail', 'skip'])
      .default('fail')
      .describe('files that are broken or break the naming: an error, or left out and listed'),
    duplicates: z
      .enum(['refuse', 'keep-first', 'allow'])
      .default('refuse')
      .describe('files with equal bytes: an error, all but the first left out, or all used'),
  });

type Params = z.output<ReturnType<typeof parameters>>;

export const reads = {} as const;
export const writes = { clips: 'clips.arrow', samples: 'samples.arrow' } as const;
export const appends = true;
export const leavesNothing = true;
export const parts = { layout: layouts as Choices<CorpusLayout> };
export const tools = ['ffmpeg'] as const;

/** A corpus of the same names and bytes has the same layout. */
export const resolvesFromContent = true;

/** `auto` becomes the layout that the corpus has. */
export async function resolve({ corpus, layout }: Params): Promise<Record<string, unknown>> {
  return layout === 'auto' ? { layout: await recogniseLayout(corpus) } : {};
}

export function check({ layout, emotions, rate, duration }: Params): ParameterIssue[] {
  const issues: ParameterIssue[] = [];
  if (Math.trunc(duration * rate) < 1) {
    issues.push({ parameter: 'duration', message: 'the cut is shorter than one sample.' });
  }
  const known = layout === 'auto' ? [] : layoutModules[layout].emotions;
  const unknown = known.length === 0 ? [] : emotions.filter((emotion) => !known.includes(emotion));
  for (const emotion of unknown) {
    const message = `${layout} knows no emotion ${emotion}; known: ${known.join(', ')}.`;
    issues.push({ parameter: 'emotions', message });
  }
  return issues;
}

export async function run(
  context: Run<typeof parameters, typeof reads, typeof writes, typeof parts>,
): Promise<void> {
  const { params, outputs, parts: chosen, tools: found, spread, progress, log, signal } = context;
  const { corpus: folder, emotions } = params;
  const { layout } = chosen;
  const ffmpeg = found['ffmpeg'];
  if (ffmpeg === undefined) throw new Error('Internal error: decode was given no ffmpeg');

  const cut = clipCut(params);
  const decodeAll = spread(async ({ path: file, aside }: SurveyedFile, recycle) => {
    signal.throwIfAborted();
    if (aside?.kind === 'misnamed') return undefined;
    const wanted = aside === undefined ? cut : undefined;
    return decodeClip({ ffmpeg, file, cut: wanted, recycle, signal });
  });

  const { name, synthetic, licence, citation } = await readDescription(folder);
  const listing = await listCorpus(folder);
  for (const link of listing.folderLinks) log(`not followed: ${link}, a link to a folder`);
  const { files, notes } = await surveyCorpus({ ...params, folder, listing, layout, signal });
  for (const note of notes) log(note);

  const endSeconds = cut.offsetSeconds + cut.durationSeconds;
  const shape = { rateHz: cut.rateHz, samples: clipSamples(cut) };
  const writer = await openSamplesWriter(outputs.samples, shape);
  const rows: Clip[] = [];
  const ffmpegSaid: string[] = [];
  let kept = 0;
  let padded = 0;
  try {
    for await (const decoded of decodeAll(files)) {
      const file = files[rows.length]!;
      rows.push(clipRow(file, decoded, endSeconds));
      if (decoded !== undefined && 'bad' in decoded) {
        ffmpegSaid.push(`${file.file}: ${decoded.said}`);
      } else if (decoded?.samples !== undefined) {
        await writer.write({ clip: file.clip, samples: decoded.samples });
        kept += 1;
        if (decoded.short) padded += 1;
      }
      progress(rows.length, files.length, `${kept} clips kept`);
    }
    const account = { folder, files: rows, emotions, padded, ffmpegSaid, endSeconds };
    if (params.onBadFile === 'fail') refuseBroken(account);
    for (const line of accountLines(account)) log(line);
    refuseEmptyClasses(account);
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const said = { name: name ?? layout.title, layout: params.layout, synthetic, licence, citation };
  await writeClips(outputs.clips, { corpus: said, classes: emotions, ...shape }, rows);
}

function clipCut({ rate, offset, duration, short }: Params): ClipCut {
  return { rateHz: rate, offsetSeconds: offset, durationSeconds: duration, short };
}
