import { z } from 'zod';
import { readTable, type LoadedTable } from './reader.ts';
import type { TableSchema } from './schema.ts';
import { writeTable } from './writer.ts';

const sexes = ['female', 'male', 'unknown'] as const;
export type Sex = (typeof sexes)[number];

const fates = ['kept', 'short', 'broken', 'other-emotion', 'not-speech', 'duplicate'] as const;
/** `kept`: its samples are used, padded or not. */
export type Fate = (typeof fates)[number];

/** A file of the corpus, and what became of it. */
export interface Clip {
  /** Path below the corpus: `/`-separated, NFC, without extension. */
  readonly clip: string;
  /** Path below the corpus, with extension. */
  readonly file: string;
  readonly speaker: string;
  readonly sex: Sex;
  readonly emotion: string;
  readonly intensity: string;
  readonly statement: string;
  /** 0: unknown. */
  readonly repetition: number;
  /** Of the whole file; 0 where it is broken. */
  readonly durationSeconds: number;
  /** The file's own, before resampling. */
  readonly rateHz: number;
  readonly channels: number;
  /** Its coding gives other bits with another ffmpeg or processor. */
  readonly lossy: boolean;
  readonly fate: Fate;
  /** Why it was not kept; empty where it was. */
  readonly reason: string;
  /** Index in the classes; -1 for none of them. */
  readonly label: number;
}

const facts = () =>
  z.strictObject({
    corpus: z
      .strictObject({
        name: z.string(),
        layout: z.string(),
        synthetic: z.boolean(),
        licence: z.string(),
        citation: z.string(),
      })
      .readonly(),
    /** In the order of their labels. */
    classes: z.array(z.string()).readonly(),
    /** Sampling rate after decoding, Hz. */
    rateHz: z.number().positive(),
    /** Length of the cut, samples at `rateHz`. */
    samples: z.int().min(0),
  });

/** What holds for the whole table. */
export type ClipsFacts = z.output<ReturnType<typeof facts>>;

export const clipsSchema: TableSchema<Clip, ClipsFacts> = {
  kind: 'clips.arrow',
  version: 1,
  facts,
  columns: {
    clip: { type: 'utf8', doc: 'Path below the corpus, without extension' },
    file: { type: 'utf8', doc: 'Path below the corpus' },
    speaker: { type: 'utf8', doc: 'Who speaks' },
    sex: { type: 'utf8', doc: 'Of the speaker: female, male or unknown', oneOf: sexes },
    emotion: { type: 'utf8', doc: 'What the speaker portrays' },
    intensity: { type: 'utf8', doc: 'How strongly; empty where unknown' },
    statement: { type: 'utf8', doc: 'What is said; empty where unknown' },
    repetition: { type: 'int32', doc: 'Which take; 0 where unknown' },
    durationSeconds: { type: 'float64', doc: 'Whole file; 0 where broken', unit: 's' },
    rateHz: { type: 'int32', doc: "Sampling rate of the file's own", unit: 'Hz' },
    channels: { type: 'int32', doc: 'Channels of the file' },
    lossy: { type: 'bool', doc: 'Coded with loss: other decoders may give other samples' },
    fate: {
      type: 'utf8',
      doc: 'kept, short, broken, other-emotion, not-speech or duplicate',
      oneOf: fates,
    },
    reason: { type: 'utf8', doc: 'Why it was not kept; empty where it was' },
    label: { type: 'int32', doc: 'Index in the classes; -1 for none of them' },
  },
};

/** Writes the clips in one go, sorted by clip (code unit). */
export function writeClips(
  path: string,
  facts: ClipsFacts,
  rows: Iterable<Clip> | AsyncIterable<Clip>,
): Promise<void> {
  return writeTable(clipsSchema, path, facts, rows);
}

/**
 * Reads the clips.
 *
 * @throws UserError `damaged-artifact`
 */
export function readClips(path: string): Promise<LoadedTable<Clip, ClipsFacts>> {
  return readTable(clipsSchema, path);
}
