import fs from 'node:fs';
import path from 'node:path';
import { noise, wavFile, type Coding } from '../audio/wav.ts';

/** A recording of 3.6 s of quiet noise in another format than the corpus's. */
export function oddRecording(options: {
  readonly rateHz?: number;
  readonly channels?: number;
  readonly coding?: Coding;
}): Buffer {
  const { rateHz = 8000, channels = 1, coding = 's16' } = options;
  const samples = noise(Math.round(3.6 * rateHz) * channels, rateHz + channels).map((sample) => {
    if (coding === 'u8') return 128 + (sample >> 10);
    return coding === 's24' ? sample << 6 : sample >> 2;
  });
  return wavFile({ rateHz, channels, coding, samples });
}

/** A WAV file whose header promises twice the samples that it holds. */
export function cutShort(): Buffer {
  const whole = oddRecording({ rateHz: 8001 });
  return whole.subarray(0, whole.length / 2);
}

/** A WAV file of no samples at all. */
export function withoutSamples(): Buffer {
  return wavFile({ rateHz: 8000, samples: [] });
}

/** The same corpus under another name, with files added, replaced or (null) left out. */
export function variant(
  corpus: string,
  name: string,
  files: Readonly<Record<string, string | Uint8Array | null>>,
): string {
  const folder = path.join(path.dirname(corpus), name);
  fs.cpSync(corpus, folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(folder, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    if (content === null) fs.rmSync(target);
    else fs.writeFileSync(target, content);
  }
  return folder;
}
