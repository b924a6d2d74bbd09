import { expect } from 'vitest';
import type { Project } from './project.ts';

/**
 * What a command that is refused says: all of it, on stderr, with exit status 2 and nothing on stdout.
 * The project's folder is shown as PROJECT.
 */
export async function refusal(
  project: Project,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const { status, stdout, stderr } = await project.emotion(words, environment);
  expect({ status, stdout }, stderr).toEqual({ status: 2, stdout: '' });
  return stderr.replaceAll(project.root, 'PROJECT');
}
