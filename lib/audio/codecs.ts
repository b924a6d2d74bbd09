/** ffmpeg's names of codecs that give back the very samples that went in, beside all of `pcm_*`. */
const LOSSLESS: ReadonlySet<string> = new Set([
  'flac',
  'alac',
  'wavpack',
  'tta',
  'ape',
  'mlp',
  'truehd',
  'shorten',
]);

/** Whether its samples are whole numbers, so that none is NaN or infinite. */
export function isOfIntegers(codec: string): boolean {
  return codec === 'flac' || /^pcm_[su]\d/.test(codec);
}

/** Telephone companding stands among the `pcm_*` but rounds: still, it decodes by a fixed table. */
export function isLossy(codec: string): boolean {
  return !codec.startsWith('pcm_') && !LOSSLESS.has(codec);
}
