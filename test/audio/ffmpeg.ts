import { findFfmpeg, type Ffmpeg } from '../../lib/audio/ffmpeg-find.ts';

/** Every ffmpeg at hand: the one that npm always installs, and the one that a user would get first. */
export async function everyFfmpeg(): Promise<readonly Ffmpeg[]> {
  const installed = await findFfmpeg({});
  const first = await findFfmpeg(process.env);
  return first.path === installed.path ? [installed] : [installed, first];
}
