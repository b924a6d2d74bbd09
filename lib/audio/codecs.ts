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

/** Telephone companding stands among the `pcm_*` but rounds: still, it decodes by a fixed table. */
export function isLossy(codec: string): boolean {
  return !codec.startsWith('pcm_') && !LOSSLESS.has(codec);
}
