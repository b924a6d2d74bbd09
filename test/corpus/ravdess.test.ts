import { describe, expect, it } from 'vitest';
import { emotions, example, parse } from '../../lib/corpus/ravdess.ts';

describe("RAVDESS's naming", () => {
  it('tells speaker, sex, emotion, intensity, statement and repetition', () => {
    expect(parse('Actor_12/03-01-06-01-02-01-12')).toEqual({
      speaker: '12',
      sex: 'female',
      emotion: 'fearful',
      intensity: 'normal',
      statement: 'Dogs are sitting by the door',
      repetition: 1,
      otherThanSpeech: undefined,
    });
    expect(parse('03-01-05-02-01-02-07')).toEqual({
      speaker: '07',
      sex: 'male',
      emotion: 'angry',
      intensity: 'strong',
      statement: 'Kids are talking by the door',
      repetition: 2,
      otherThanSpeech: undefined,
    });
  });

  it('numbers the emotions from 01', () => {
    const found = emotions.map((_, i) => parse(`03-01-0${i + 1}-01-01-01-01`));
    expect(found.map((it) => (typeof it === 'string' ? it : it.emotion))).toEqual(emotions);
  });

  it('knows songs and silent videos for what they are', () => {
    const kinds = ['03-02-03-01-01-01-01', '02-01-03-01-01-01-01', '01-01-03-01-01-01-01'].map(
      parse,
    );
    expect(kinds.map((it) => (typeof it === 'string' ? it : it.otherThanSpeech))).toEqual([
      'song',
      'video only',
      undefined,
    ]);
  });

  it.each([
    ['hello', 'is not seven fields of two digits, separated by hyphens'],
    ['03-01-05-01-02-01', 'is not seven fields of two digits, separated by hyphens'],
    ['03-01-05-01-02-01-01-01', 'is not seven fields of two digits, separated by hyphens'],
    ['03-01-5-01-02-01-01', 'is not seven fields of two digits, separated by hyphens'],
    ['03-01-05-01-02-01-٠١', 'is not seven fields of two digits, separated by hyphens'],
    ['03-01-05-01-02-01-01 (1)', 'is not seven fields of two digits, separated by hyphens'],
    ['04-01-05-01-02-01-01', 'has modality 04, which is not one of 01 to 03'],
    ['03-01-09-01-02-01-01', 'has emotion 09, which is not one of 01 to 08'],
    ['03-01-00-01-02-01-01', 'has emotion 00, which is not one of 01 to 08'],
    ['03-01-05-03-02-01-01', 'has intensity 03, which is not one of 01 to 02'],
    ['03-01-05-01-02-01-00', 'has actor 00, but actors are numbered from 01'],
  ])('says how %s breaks it', (name, reason) => {
    expect(parse(`Actor_01/${name}`)).toBe(reason);
  });

  it('reads its own example', () => {
    expect(parse(example.slice(0, -'.wav'.length))).toMatchObject({ emotion: 'angry' });
  });
});
