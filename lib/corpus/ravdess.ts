import type { Recording } from './layout.ts';

/**
 * RAVDESS (Livingstone and Russo, 2018; Zenodo 1188976): seven fields of two digits,
 * modality-channel-emotion-intensity-statement-repetition-actor. Actors with odd numbers are male.
 */
export const title = 'a corpus named as RAVDESS';

export const example = 'Actor_01/03-01-05-01-02-01-01.wav';

export const emotions = [
  'neutral',
  'calm',
  'happy',
  'sad',
  'angry',
  'fearful',
  'disgust',
  'surprised',
] as const;

/** Found in copies that are whole otherwise: actor 07's two takes are one and the same. */
export const publishedTwice = [['03-01-03-01-02-01-07', '03-01-03-01-02-02-07']] as const;

const FIELDS: readonly { readonly name: string; readonly values: readonly string[] }[] = [
  { name: 'modality', values: ['audio with video', 'video only', 'audio only'] },
  { name: 'channel', values: ['speech', 'song'] },
  { name: 'emotion', values: emotions },
  { name: 'intensity', values: ['normal', 'strong'] },
  {
    name: 'statement',
    values: ['Kids are talking by the door', 'Dogs are sitting by the door'],
  },
  { name: 'repetition', values: ['1', '2'] },
];

/** See {@link CorpusLayout.parse}. */
export function parse(clip: string): Recording | string {
  const name = clip.slice(clip.lastIndexOf('/') + 1);
  const codes = name.split('-');
  if (codes.length !== FIELDS.length + 1 || !codes.every((code) => /^[0-9]{2}$/.test(code))) {
    return 'is not seven fields of two digits, separated by hyphens';
  }
  const values: string[] = [];
  for (const [i, field] of FIELDS.entries()) {
    const code = codes[i] ?? '';
    const value = field.values[Number(code) - 1];
    if (value === undefined) {
      return `has ${field.name} ${code}, which is not one of 01 to 0${field.values.length}`;
    }
    values.push(value);
  }
  const [modality, channel = '', emotion = '', intensity = '', statement = ''] = values;
  const speaker = codes[6] ?? '';
  if (speaker === '00') return 'has actor 00, but actors are numbered from 01';
  return {
    speaker,
    sex: Number(speaker) % 2 === 1 ? 'male' : 'female',
    emotion,
    intensity,
    statement,
    repetition: Number(codes[5]),
    otherThanSpeech: channel === 'speech' ? otherModality(modality) : channel,
  };
}

/** A picture beside the sound is no obstacle: the first audio stream is taken. */
function otherModality(modality: string | undefined): string | undefined {
  return modality === 'video only' ? modality : undefined;
}
