import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readClips, type Clip } from '../lib/artifacts/clips.ts';
import { writeFolds } from '../lib/artifacts/folds.ts';
import {
  countSharedSpeakers,
  foldsWithoutClass,
  type Assignment,
} from '../lib/folds/assignment.ts';
import { foldsByClip } from '../lib/folds/by-clip.ts';
import { foldsByList } from '../lib/folds/by-list.ts';
import { foldsBySpeaker } from '../lib/folds/by-speaker.ts';
import { randomStream } from '../lib/math/random.ts';
import { UserError } from '../lib/pipeline/errors.ts';
import { filePath, type Run } from '../lib/pipeline/stage.ts';

export const summary = 'deals the clips into test folds';

export const parameters = () =>
  z
    .strictObject({
      folds: z.int().min(2).default(5).describe('How many test folds'),
      by: z
        .enum(['clip', 'speaker', 'list'])
        .default('clip')
        .describe(
          'What is dealt: single clips (speakers are then shared between training and test), whole speakers (the sexes balanced), or what a list says',
        ),
      seed: z.int().min(0).default(1).describe('Seed of the shuffling; a list has none'),
      stratify: z
        .boolean()
        .default(false)
        .describe('With by: clip, balance the classes over the folds'),
      list: filePath()
        .optional()
        .describe('With by: list, a CSV file with the columns clip,fold,position'),
    })
    .superRefine((params, context) => {
      const wrong = (path: string, message: string) => {
        context.addIssue({ code: 'custom', path: [path], message });
      };
      if (params.by === 'list' && params.list === undefined) {
        wrong(
          'list',
          'by: list needs a list: the path of a CSV file with the columns clip,fold,position',
        );
      }
      if (params.by !== 'list' && params.list !== undefined) {
        wrong('list', `a list is only read with by: list, not by: ${params.by}`);
      }
      if (params.by !== 'clip' && params.stratify) {
        wrong('stratify', `stratify: true needs by: clip, not by: ${params.by}`);
      }
    });

export const reads = { clips: 'clips.arrow' } as const;
export const writes = { folds: 'folds.arrow' } as const;
export const axes = { fold: (params: { readonly folds: number }) => params.folds };
export const leavesNothing = true;

export async function run({
  params,
  inputs,
  outputs,
  log,
}: Run<typeof parameters, typeof reads, typeof writes>): Promise<void> {
  const found = await readClips(inputs.clips.path);
  const clips = found.rows.filter(({ fate }) => fate === 'kept');
  const speakers = clips.map(({ speaker }) => speaker);
  if (params.folds > clips.length) {
    throw new UserError(
      'too-many-folds',
      `${clips.length} clips cannot fill ${params.folds} folds. Set folds to at most ${clips.length}.`,
    );
  }

  const { fold, position } = await assign(params, found.rows, clips);
  checkClasses(fold, params, clips, found.facts.classes);
  const speakersShared = countSharedSpeakers(speakers, fold);
  if (params.by === 'speaker' && speakersShared > 0) {
    throw new Error(`${speakersShared} speakers are in more than one fold`);
  }

  const rows = clips
    .map(({ clip }, i) => ({ clip, fold: fold[i]!, position: position[i]! }))
    .sort((a, b) => a.fold - b.fold || a.position - b.position);
  const { folds, by, seed, stratify } = params;
  await writeFolds(outputs.folds, { folds, by, seed, stratify, speakersShared }, rows);
  log(
    `${clips.length} clips in ${folds} folds by ${by}; ` +
      `${speakersShared} of ${new Set(speakers).size} speakers are in more than one`,
  );
}

type Params = z.output<ReturnType<typeof parameters>>;

async function assign(
  params: Params,
  found: readonly Clip[],
  kept: readonly Clip[],
): Promise<Assignment> {
  const { folds, by, seed, list } = params;
  const random = () => randomStream({ seed, stage: 'split', fold: 0, purpose: 'split' });
  if (by === 'list') {
    if (list === undefined) throw new Error('the parameters let by: list through without a list');
    return foldsByList(await readFile(list, 'utf8'), list, found, folds);
  }
  if (by === 'clip') {
    return foldsByClip(
      kept.map(({ label }) => label),
      folds,
      params.stratify,
      random(),
    );
  }
  const speakers = kept.map(({ speaker }) => speaker);
  const count = new Set(speakers).size;
  if (folds > count) {
    throw new UserError(
      'too-many-folds',
      `${count} speakers cannot fill ${folds} folds with by: speaker. Set folds to at most ${count}, or by: clip.`,
    );
  }
  return foldsBySpeaker(
    speakers,
    kept.map(({ sex }) => sex),
    folds,
    random(),
  );
}

/** A fold without a class has no recall of it, so its UAR would be of other classes than the rest. */
function checkClasses(
  fold: Int32Array,
  { folds, by }: Params,
  clips: readonly Clip[],
  classes: readonly string[],
): void {
  const labels = clips.map(({ label }) => label);
  const lacks = foldsWithoutClass(labels, fold, folds, classes.length);
  const [first] = lacks;
  if (first === undefined) return;
  const count = labels.filter((label) => label === first.label).length;
  const others = lacks.length === 1 ? '' : ` (and ${lacks.length - 1} more such gaps)`;
  const advice = {
    clip: `Set ${count < folds ? '' : 'stratify: true, or '}fewer folds, or leave the class out of decode's emotions.`,
    speaker: "Set fewer folds, another seed, or leave the class out of decode's emotions.",
    list: 'Change the list.',
  }[by];
  throw new UserError(
    'fold-without-class',
    `Fold ${first.fold} of ${folds} has no clip of the class ${classes[first.label]!}, ` +
      `of which there are ${count} in all${others}. ${advice}`,
  );
}
