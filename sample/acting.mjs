// @ts-check
import { Random } from './random.mjs';

/**
 * How the speakers of the sample speak, and what an emotion does to it: directions from Scherer (2003,
 * Speech Communication 40, table 2) and Juslin and Laukka (2003, Psychological Bulletin 129, table 7),
 * sizes chosen so that the classes overlap as they do among actors.
 */

/**
 * @typedef {object} Manner What is done to a sentence.
 * @property {number} pitch semitones above the voice's own
 * @property {number} range of the pitch, as a factor
 * @property {number} rate of speech, as a factor
 * @property {number} level decibels
 * @property {number} tilt decibels of a shelf above about 1 kHz: high-frequency energy
 * @property {number} breath noise in the voice, as a share of its amplitude
 */

/**
 * @typedef {object} Speaker
 * @property {string} actor two digits; odd is male, even is female, as in RAVDESS
 * @property {string} voice of eSpeak NG: accent and variant
 * @property {number} size of the vocal tract, as a factor on all frequencies
 * @property {number} expression how far emotions move this speaker, as a factor
 * @property {number} floorSteps the recording's noise, in steps of the quantiser
 * @property {Manner} habit how this speaker differs from others whatever the emotion
 */

/** @typedef {{ code: string, manner: Manner, intensities: number, repetitions: number }} Emotion */

/** @type {Readonly<Record<'neutral' | 'happy' | 'sad' | 'angry', Emotion>>} */
export const emotions = {
  neutral: {
    code: '01',
    manner: { pitch: 0, range: 0.8, rate: 1, level: 0, tilt: 0, breath: 0.02 },
    // RAVDESS has no strong neutral; two takes make up for it.
    intensities: 1,
    repetitions: 2,
  },
  happy: {
    code: '03',
    manner: { pitch: 3.5, range: 1.9, rate: 1.04, level: 4, tilt: 2, breath: 0.02 },
    intensities: 2,
    repetitions: 1,
  },
  sad: {
    code: '04',
    manner: { pitch: -1, range: 0.45, rate: 0.88, level: -4, tilt: -4, breath: 0.1 },
    intensities: 2,
    repetitions: 1,
  },
  angry: {
    code: '05',
    manner: { pitch: 2.5, range: 1.4, rate: 1.03, level: 8, tilt: 6, breath: 0.01 },
    intensities: 2,
    repetitions: 1,
  },
};

/** RAVDESS's two, in the order of their codes. */
export const statements = ['Kids are talking by the door', 'Dogs are sitting by the door'];

const voices = [
  'en-us+m1',
  'en-us+f1',
  'en-gb+m2',
  'en-gb+f2',
  'en-gb-scotland+m3',
  'en-gb-scotland+f3',
  'en-gb-x-rp+m4',
  'en-gb-x-rp+f4',
  'en-us-nyc+m6',
  'en-us+f5',
  'en-gb-x-gbclan+m7',
  'en-029+f1',
];

/** @type {readonly Speaker[]} */
export const speakers = voices.map((voice, i) => {
  const actor = String(i + 1).padStart(2, '0');
  const random = new Random(`speaker ${actor}`);
  return {
    actor,
    voice,
    size: 1 + 0.04 * random.normal(),
    expression: random.between(0.6, 1.25),
    floorSteps: random.between(0.2, 0.4),
    habit: vary(random, {
      pitch: 1.2,
      range: 0.12,
      rate: 0.025,
      level: 2,
      tilt: 1.5,
      breath: 0.01,
    }),
  };
});

/** Deviations from take to take of one speaker. */
const takes = { pitch: 1, range: 0.15, rate: 0.05, level: 2, tilt: 1.5, breath: 0.01 };

/**
 * @param {Speaker} speaker
 * @param {Emotion} emotion
 * @param {number} intensity 1 normal, 2 strong
 * @param {Random} random
 * @returns {Manner}
 */
export function manner(speaker, emotion, intensity, random) {
  const strength = speaker.expression * (intensity === 2 ? 1.3 : 0.8);
  const { habit } = speaker;
  const take = vary(random, takes);
  const { pitch, range, rate, level, tilt, breath } = emotion.manner;
  return {
    pitch: strength * pitch + habit.pitch + take.pitch,
    range: Math.max(0.2, 1 + strength * (range - 1) + habit.range + take.range),
    rate: 1 + strength * (rate - 1) + habit.rate + take.rate,
    level: strength * level + habit.level + take.level,
    tilt: strength * tilt + habit.tilt + take.tilt,
    breath: Math.max(0, strength * breath + habit.breath + take.breath),
  };
}

/** @param {Random} random @param {Manner} deviations @returns {Manner} */
function vary(random, { pitch, range, rate, level, tilt, breath }) {
  return {
    pitch: pitch * random.normal(),
    range: range * random.normal(),
    rate: rate * random.normal(),
    level: level * random.normal(),
    tilt: tilt * random.normal(),
    breath: breath * random.normal(),
  };
}
