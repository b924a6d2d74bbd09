import { expect, it } from 'vitest';
import { isLossy, isOfIntegers } from '../../lib/audio/codecs.ts';

it('knows the codecs whose samples are whole numbers, hence finite', () => {
  const codecs = [
    'flac',
    'pcm_u8',
    'pcm_s16le',
    'pcm_s24be',
    'pcm_f32le',
    'pcm_f64le',
    'opus',
    'unknown',
  ];
  expect(codecs.filter(isOfIntegers)).toEqual(['flac', 'pcm_u8', 'pcm_s16le', 'pcm_s24be']);
});

it('takes for lossy what does not give back the samples that went in', () => {
  const codecs = ['flac', 'alac', 'pcm_s16le', 'pcm_mulaw', 'opus', 'mp3', 'unknown'];
  expect(codecs.filter(isLossy)).toEqual(['opus', 'mp3', 'unknown']);
});
