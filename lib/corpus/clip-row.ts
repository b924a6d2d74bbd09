import type { Clip, Fate } from '../artifacts/clips.ts';
import type { DecodedClip } from '../audio/decode-clip.ts';
import type { BadFile } from '../audio/decode-file.ts';
import type { Aside, SurveyedFile } from './survey.ts';

/**
 * What the table of clips says of a file.
 *
 * @param decoded undefined where the file was not even opened.
 * @param endSeconds where the cut ends in a recording.
 */
export function clipRow(
  { clip, file, recording, label, aside }: SurveyedFile,
  decoded: DecodedClip | BadFile | undefined,
  endSeconds: number,
): Clip {
  const usable = decoded !== undefined && !('bad' in decoded) ? decoded : undefined;
  return {
    clip,
    file,
    speaker: recording?.speaker ?? '',
    sex: recording?.sex ?? 'unknown',
    emotion: recording?.emotion ?? '',
    intensity: recording?.intensity ?? '',
    statement: recording?.statement ?? '',
    repetition: recording?.repetition ?? 0,
    durationSeconds: usable?.durationSeconds ?? 0,
    rateHz: usable?.rateHz ?? 0,
    channels: usable?.channels ?? 0,
    lossy: usable?.lossy ?? false,
    ...fateOf(decoded, aside, endSeconds),
    label,
  };
}

function fateOf(
  decoded: DecodedClip | BadFile | undefined,
  aside: Aside | undefined,
  endSeconds: number,
): { fate: Fate; reason: string } {
  if (decoded !== undefined && 'bad' in decoded) return { fate: 'broken', reason: decoded.bad };
  if (aside !== undefined) return { fate: FATES[aside.kind], reason: aside.reason };
  if (decoded?.samples !== undefined) return { fate: 'kept', reason: '' };
  return { fate: 'short', reason: `ends before ${Math.round(endSeconds * 1000) / 1000} s` };
}

const FATES: Readonly<Record<Aside['kind'], Fate>> = {
  misnamed: 'broken',
  'not-speech': 'not-speech',
  'other-emotion': 'other-emotion',
  duplicate: 'duplicate',
};
