import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescription } from '../../lib/corpus/description.ts';
import { parse } from '../../lib/corpus/ravdess.ts';

const sample = path.resolve(import.meta.dirname, '../../sample');
const corpus = path.join(sample, 'corpus');

const names = fs
  .readdirSync(corpus, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(corpus, path.join(entry.parentPath, entry.name)))
  .map((name) => name.split(path.sep).join('/'))
  .sort();

const clips = names
  .filter((name) => name.endsWith('.flac'))
  .map((name) => {
    const recording = parse(name.slice(0, -'.flac'.length));
    if (typeof recording === 'string') throw new Error(`${name} ${recording}`);
    const bytes = fs.readFileSync(path.join(corpus, name));
    return { name, ...recording, bytes, ...streamInfo(bytes) };
  });

/** STREAMINFO, which every FLAC file begins with (RFC 9639, section 8.2). */
function streamInfo(flac: Buffer): {
  rateHz: number;
  channels: number;
  bits: number;
  seconds: number;
} {
  const packed = flac.readBigUInt64BE(18);
  const rateHz = Number(packed >> 44n);
  return {
    rateHz,
    channels: Number((packed >> 41n) & 7n) + 1,
    bits: Number((packed >> 36n) & 31n) + 1,
    seconds: Number(packed & 0xf_ff_ff_ff_ffn) / rateHz,
  };
}

/** How many of the clips there are of each kind. */
function countBy<T>(items: readonly T[], kind: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[kind(item)] = (counts[kind(item)] ?? 0) + 1;
  return counts;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the sample corpus', () => {
  it('holds what its manifest says, and nothing else', () => {
    const manifest = names.map((name) => {
      return `${sha256(fs.readFileSync(path.join(corpus, name)))}  ${name}\n`;
    });
    expect(fs.readFileSync(path.join(sample, 'corpus.sha256'), 'utf8')).toBe(manifest.join(''));
  });

  it('takes at most 4 MB', () => {
    const sizes = names.map((name) => fs.statSync(path.join(corpus, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(4_000_000);
  });

  it('says that it is synthetic, and whose it is', async () => {
    expect(await readDescription(corpus)).toEqual({
      name: 'Synthetic sample (eSpeak NG)',
      layout: 'ravdess',
      synthetic: true,
      licence: 'CC0-1.0',
      citation:
        "Synthetic speech made with eSpeak NG by sample/make.mjs of Emotion in Motion; nobody's voice",
    });
  });

  it('names its clips as RAVDESS does, each in the folder of its speaker', () => {
    for (const { name, speaker, otherThanSpeech } of clips) {
      expect(name).toMatch(new RegExp(`^Actor_${speaker}/03-01-[^/]*-${speaker}[.]flac$`));
      expect(otherThanSpeech).toBeUndefined();
    }
  });

  it('balances sexes, emotions and statements over twelve speakers', () => {
    expect(clips).toHaveLength(192);
    expect(countBy(clips, ({ sex }) => sex)).toEqual({ male: 96, female: 96 });
    const cells = countBy(clips, ({ speaker, emotion, statement }) => {
      return [speaker, emotion, statement].join();
    });
    expect(Object.keys(cells)).toHaveLength(12 * 4 * 2);
    expect(new Set(Object.values(cells))).toEqual(new Set([2]));
    expect(countBy(clips, ({ emotion, intensity }) => `${intensity} ${emotion}`)).toEqual({
      'normal neutral': 48,
      ...{ 'normal happy': 24, 'strong happy': 24 },
      ...{ 'normal sad': 24, 'strong sad': 24 },
      ...{ 'normal angry': 24, 'strong angry': 24 },
    });
  });

  it('is mono, 16 kHz, 16 bit', () => {
    expect(countBy(clips, (clip) => [clip.channels, clip.rateHz, clip.bits].join())).toEqual({
      '1,16000,16': 192,
    });
  });

  it('has some clips that end before the cut does, but leaves each speaker every emotion', () => {
    const long = clips.filter(({ seconds }) => seconds >= 3.5);
    expect(long).toHaveLength(161);
    const left = countBy(long, ({ speaker, emotion }) => `${speaker} ${emotion}`);
    expect(Object.keys(left)).toHaveLength(12 * 4);
  });

  it('holds no clip twice', () => {
    expect(new Set(clips.map(({ bytes }) => sha256(bytes))).size).toBe(192);
  });
});
