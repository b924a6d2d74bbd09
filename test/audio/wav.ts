/** How the samples of a WAV file are written. */
export type Coding = 'u8' | 's16' | 's24' | 's32' | 'f32';

const BYTES: Readonly<Record<Coding, number>> = { u8: 1, s16: 2, s24: 3, s32: 4, f32: 4 };

export interface WavContent {
  readonly rateHz: number;
  readonly channels?: number;
  readonly coding?: Coding;
  /** Channels interleaved; integers of the coding's own range, or floats for f32. */
  readonly samples: readonly number[] | Float32Array;
}

/** A WAV file, written by hand: what it holds is known to the bit. */
export function wavFile({ rateHz, channels = 1, coding = 's16', samples }: WavContent): Buffer {
  const width = BYTES[coding];
  const data = Buffer.alloc(samples.length * width);
  samples.forEach((sample: number, i: number) => {
    if (coding === 'f32') data.writeFloatLE(sample, i * width);
    else if (coding === 'u8') data.writeUInt8(sample, i);
    else data.writeIntLE(sample, i * width, width);
  });
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(coding === 'f32' ? 3 : 1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rateHz, 24);
  head.writeUInt32LE(rateHz * channels * width, 28);
  head.writeUInt16LE(channels * width, 32);
  head.writeUInt16LE(8 * width, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** Noise that is the same everywhere: whole numbers of 16 bits from a linear congruence. */
export function noise(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 16;
  });
}
