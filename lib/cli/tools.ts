import fs from 'node:fs';
import path from 'node:path';
import { ffmpegCandidates, findFfmpeg } from '../audio/ffmpeg-find.ts';
import { canonicalJson } from '../pipeline/canonical.ts';
import { seal, unseal } from '../pipeline/sealed.mjs';
import type { Tool } from '../pipeline/stage.ts';

/**
 * How the programs that stages start are found. Asking a program for its version costs a process, so
 * the answer is remembered for as long as the candidates for it are the same files.
 */
export function toolFinders(
  environment: NodeJS.ProcessEnv,
  memoryFile: string,
): Readonly<Record<string, () => Promise<Tool>>> {
  return { ffmpeg: () => remembered(environment, memoryFile) };
}

async function remembered(environment: NodeJS.ProcessEnv, memoryFile: string): Promise<Tool> {
  const candidates = [...ffmpegCandidates(environment)].map((candidate) => ({
    ...candidate,
    stamp: 'path' in candidate ? stampOf(candidate.path) : null,
  }));
  const key = canonicalJson(candidates);
  const known = readMemory(memoryFile);
  if (known?.key === key) return known.tool;
  const tool = await findFfmpeg(environment);
  fs.mkdirSync(path.dirname(memoryFile), { recursive: true });
  const temporary = `${memoryFile}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, seal(JSON.stringify({ key, tool })));
  fs.renameSync(temporary, memoryFile);
  return tool;
}

function stampOf(file: string): unknown {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? null : [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino];
}

function readMemory(file: string): { key: string; tool: Tool } | undefined {
  try {
    const text = unseal(fs.readFileSync(file, 'utf8'));
    return text === undefined ? undefined : (JSON.parse(text) as { key: string; tool: Tool });
  } catch {
    return undefined;
  }
}
