import type { Clip } from '../../lib/artifacts/clips.ts';
import { spreadHere } from '../../lib/pipeline/spread.ts';
import type { InputFile, Run } from '../../lib/pipeline/stage.ts';

/** What a stage's run is given whatever the stage; `logged` collects what it says. */
export function surroundings(): Pick<
  Run<never, Record<never, never>, Record<never, never>>,
  | 'parts'
  | 'each'
  | 'tools'
  | 'upstream'
  | 'packages'
  | 'spread'
  | 'progress'
  | 'log'
  | 'signal'
  | 'safePoint'
> & { readonly logged: readonly string[] } {
  const logged: string[] = [];
  return {
    parts: {},
    each: {},
    tools: {},
    upstream: [],
    packages: {},
    spread: spreadHere,
    progress: () => undefined,
    log: (line) => logged.push(line),
    signal: new AbortController().signal,
    safePoint: () => Promise.resolve(),
    logged,
  };
}

/** A file as the store would hand it to a stage. */
export function inputFile(
  path: string,
  stage: string,
  each: Readonly<Record<string, number>> = {},
): InputFile {
  return { path, sha256: '', stage, each };
}

export const corpusFacts = {
  corpus: { name: 'small', layout: 'ravdess', synthetic: true, licence: '', citation: '' },
  classes: ['neutral', 'happy', 'sad'],
  rateHz: 44100,
  samples: 132300,
};

/**
 * Six speakers with six clips each, two of each class, named like A1/happy-2; odd speakers are male.
 * One more clip, A1/short, was dropped.
 */
export function smallCorpus(): readonly Clip[] {
  const speakers = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6'];
  return speakers.flatMap((speaker, s) => {
    const kept = corpusFacts.classes.flatMap((emotion, label) =>
      [1, 2].map((repetition) => clipOf(speaker, s, emotion, label, repetition)),
    );
    const short: Clip = { ...clipOf(speaker, s, 'sad', 2, 3), clip: 'A1/short', fate: 'short' };
    return (s === 0 ? [...kept, short] : kept).sort((a, b) => (a.clip < b.clip ? -1 : 1));
  });
}

function clipOf(
  speaker: string,
  s: number,
  emotion: string,
  label: number,
  repetition: number,
): Clip {
  const clip = `${speaker}/${emotion}-${repetition}`;
  return {
    clip,
    file: `${clip}.flac`,
    speaker,
    sex: s % 2 === 0 ? 'male' : 'female',
    emotion,
    intensity: 'normal',
    statement: 'kids',
    repetition,
    durationSeconds: 3.5 + label / 10 + s / 100,
    rateHz: 48000,
    channels: 1,
    lossy: false,
    fate: 'kept',
    reason: '',
    label,
  };
}
