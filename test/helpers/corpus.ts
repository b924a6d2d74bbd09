import fs from 'node:fs';
import path from 'node:path';
import { randomStream } from '../../lib/math/random.ts';

export interface WavOptions {
  readonly seconds?: number;
  readonly rateHz?: number;
  readonly channels?: number;
  /** Of the tone. */
  readonly hz?: number;
  readonly level?: number;
  readonly seed?: number;
}

/** A 16-bit WAV file: a tone in noise, the same for the same options. */
function wav({
  seconds = 3.6,
  rateHz = 8000,
  channels = 1,
  hz = 200,
  level = 0.3,
  seed = 1,
}: WavOptions = {}): Buffer {
  const count = Math.round(seconds * rateHz);
  const random = randomStream({ seed, stage: 'test', fold: 0, purpose: 'augment' });
  const data = Buffer.alloc(count * channels * 2);
  for (let n = 0; n < count; n += 1) {
    // A triangle wave, swelling and fading: no library function whose last bits could differ.
    const phase = (n * hz) / rateHz;
    const wave = 4 * Math.abs(phase - Math.floor(phase + 0.5)) - 1;
    const swell = 1 - Math.abs((2 * n) / count - 1);
    const value = level * swell * wave + 0.02 * level * (random.uniform() - 0.5);
    for (let c = 0; c < channels; c += 1) {
      data.writeInt16LE(Math.round(value * 32767), (n * channels + c) * 2);
    }
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(rateHz * channels * 2, 28);
  head.writeUInt16LE(channels * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

const EMOTIONS = { neutral: 1, happy: 3, sad: 4, angry: 5 } as const;
const TONES = { neutral: 150, happy: 260, sad: 120, angry: 320 } as const;
const LEVELS = { neutral: 0.15, happy: 0.4, sad: 0.1, angry: 0.7 } as const;

/** A small corpus in RAVDESS's naming: every speaker says both statements in four emotions. */
export function smallCorpus(folder: string, speakers = 4): string {
  for (let actor = 1; actor <= speakers; actor += 1) {
    for (const emotion of Object.keys(EMOTIONS) as (keyof typeof EMOTIONS)[]) {
      for (const statement of [1, 2]) {
        const file = path.join(folder, clipFile(EMOTIONS[emotion], statement, actor));
        fs.mkdirSync(path.dirname(file), { recursive: true });
        const hz = TONES[emotion] * (1 + actor / 20);
        fs.writeFileSync(
          file,
          wav({ hz, level: LEVELS[emotion] / statement, seed: actor * 10 + statement }),
        );
      }
    }
  }
  fs.writeFileSync(
    path.join(folder, 'corpus.yaml'),
    'name: Small test corpus\nlayout: ravdess\nsynthetic: true\nlicence: CC0-1.0\ncitation: made by a test\n',
  );
  return folder;
}

/** `Actor_01/03-01-03-01-02-01-01.wav` */
function clipFile(emotion: number, statement: number, actor: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `Actor_${two(actor)}/03-01-${two(emotion)}-01-${two(statement)}-01-${two(actor)}.wav`;
}
