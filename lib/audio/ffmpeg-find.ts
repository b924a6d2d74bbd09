import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../pipeline/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** An ffmpeg that answered `-version`. */
export interface Ffmpeg {
  /** Absolute. */
  readonly path: string;
  /** As it calls itself: `5.1.9-0+deb12u1`. */
  readonly version: string;
  /** How it was found, for a person. */
  readonly source: string;
}

/** A place where an ffmpeg may be; `missing` says why nothing is there. */
export type FfmpegCandidate =
  | { readonly source: string; readonly path: string }
  | { readonly source: string; readonly missing: string };

const FROM_VARIABLE = 'FFMPEG_PATH';
const FROM_INSTALLER = '@ffmpeg-installer/ffmpeg, a build of 2018';

/**
 * The ffmpeg to use: FFMPEG_PATH, ffmpeg-static, one on the PATH, the one that @ffmpeg-installer
 * carries. A candidate counts only after it answered `-version`.
 *
 * @param root the folder from which npm packages are found; that of this module by default.
 * @throws UserError when FFMPEG_PATH is set and does not work (what was asked for is never replaced by
 * something else), or when no candidate works; the message says what was tried.
 */
export async function findFfmpeg(env: Environment, root?: string): Promise<Ffmpeg> {
  const tried: string[] = [];
  for (const candidate of ffmpegCandidates(env, root)) {
    const found = await tryCandidate(candidate);
    if (typeof found !== 'string') return found;
    if (candidate.source === FROM_VARIABLE) {
      throw new UserError(
        'ffmpeg-path',
        `FFMPEG_PATH is ${JSON.stringify(env[FROM_VARIABLE])}, but ${found}. Set it to the ffmpeg program, or leave it out to use another one.`,
      );
    }
    tried.push(`${candidate.source}: ${found}`);
  }
  throw new UserError(
    'no-ffmpeg',
    `No ffmpeg was found (${tried.join('; ')}). Install ffmpeg, or set FFMPEG_PATH to the program.`,
  );
}

/**
 * The places in the order in which they count, each looked at only when it is asked for. Nothing is
 * started: who remembers a version by path, size and mtime needs no more than this.
 */
export function* ffmpegCandidates(env: Environment, root?: string): Generator<FfmpegCandidate> {
  const asked = env[FROM_VARIABLE];
  if (asked !== undefined && asked !== '') yield candidateFromVariable(asked, env);
  yield candidateFromPackage('ffmpeg-static', root);
  yield candidateOnPath('ffmpeg', env, 'the PATH');
  yield candidateFromPackage('@ffmpeg-installer/ffmpeg', root);
}

/**
 * What an ffmpeg answers to `-version`, without the copyright.
 *
 * @throws Error whose message is a short phrase: why it does not count.
 */
export async function ffmpegVersion(program: string): Promise<string> {
  let answer: string;
  try {
    const { stdout } = await promisify(execFile)(program, ['-version'], {
      timeout: 20_000,
      maxBuffer: 1 << 20,
      windowsHide: true,
    });
    answer = stdout;
  } catch (error) {
    throw new Error(`${program} does not start (${startFailure(error)})`, { cause: error });
  }
  const version = /^ffmpeg version (.*?)(?: Copyright.*)?\s*$/m.exec(answer)?.[1]?.trim();
  if (version === undefined || version === '') {
    throw new Error(`${program} does not answer \`-version\` as ffmpeg does`);
  }
  return version;
}

async function tryCandidate(candidate: FfmpegCandidate): Promise<Ffmpeg | string> {
  if ('missing' in candidate) return candidate.missing;
  const { source, path: program } = candidate;
  // npm unpacks @ffmpeg-installer's program without its x bit, and its install script may not have run.
  const unset = source === FROM_INSTALLER && !isExecutable(program) && !makeExecutable(program);
  if (unset) return `${program} may not be executed, and chmod was refused`;
  try {
    return { path: program, version: await ffmpegVersion(program), source };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function candidateFromVariable(asked: string, env: Environment): FfmpegCandidate {
  if (!/[/\\]/.test(asked)) return candidateOnPath(asked, env, FROM_VARIABLE);
  const program = path.resolve(asked);
  const isFile = fs.statSync(program, { throwIfNoEntry: false })?.isFile() === true;
  return isFile
    ? { source: FROM_VARIABLE, path: program }
    : { source: FROM_VARIABLE, missing: 'there is no such file' };
}

function candidateOnPath(name: string, env: Environment, source: string): FfmpegCandidate {
  const suffixes = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter)) {
    // An empty or relative entry means the current folder: nobody wants an ffmpeg of a corpus started.
    if (!path.isAbsolute(folder)) continue;
    for (const suffix of suffixes) {
      const program = path.join(folder, name + suffix);
      const isFile = fs.statSync(program, { throwIfNoEntry: false })?.isFile() === true;
      if (isFile && isExecutable(program)) return { source, path: program };
    }
  }
  return { source, missing: `there is no ${name} on the PATH` };
}

/** Both packages say where their program lies: one exports the path, the other has it as `path`. */
function candidateFromPackage(
  name: 'ffmpeg-static' | '@ffmpeg-installer/ffmpeg',
  root: string | undefined,
): FfmpegCandidate {
  const source = name === 'ffmpeg-static' ? name : FROM_INSTALLER;
  const require =
    root === undefined ? createRequire(import.meta.url) : createRequire(path.join(root, 'from'));
  let exported: unknown;
  try {
    exported =
      name === 'ffmpeg-static' ? require('ffmpeg-static') : require('@ffmpeg-installer/ffmpeg');
  } catch (error) {
    // @ffmpeg-installer throws plain text when its program is missing or the platform unknown.
    const absent = isMissingModule(error, name);
    return { source, missing: absent ? 'not installed' : 'installed without its program' };
  }
  const program = programOf(exported);
  const isFile =
    program !== undefined && fs.statSync(program, { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? { source, path: program } : { source, missing: 'installed without its program' };
}

function programOf(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported;
  if (typeof exported === 'object' && exported !== null && 'path' in exported) {
    return typeof exported.path === 'string' ? exported.path : undefined;
  }
  return undefined;
}

function isMissingModule(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'MODULE_NOT_FOUND' &&
    error.message.includes(`'${name}'`)
  );
}

function isExecutable(program: string): boolean {
  try {
    fs.accessSync(program, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function makeExecutable(program: string): boolean {
  try {
    fs.chmodSync(program, 0o755);
    return true;
  } catch {
    return false;
  }
}

function startFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('killed' in error && error.killed === true) return 'no answer within 20 s';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('code' in error && typeof error.code === 'number') return `exit status ${String(error.code)}`;
  return 'signal' in error ? String(error.signal) : error.message;
}
