import fs from 'node:fs';
import path from 'node:path';
import type { Source } from '../pipeline/bundle.mjs';
import { cacheFolder } from '../pipeline/cache-files.mjs';
import type { Emit } from '../pipeline/events.ts';
import { isLast } from '../pipeline/graph.ts';
import type { RunOutcome } from '../pipeline/run.ts';
import { didNothing, runFile, type RunRecord } from '../pipeline/run-record.ts';
import type { Invocation } from './command.ts';
import { artifactsOf } from './places.ts';
import { answerFile, writeAnswer, type Look } from './recall.cjs';
import type { Session } from './session.ts';
import { watch, type Watch } from './watch.ts';

/** How many answers are kept: a person goes back and forth between a few commands. */
const KEPT = 16;

/** A run that ended well, as far as it counts for whether the next one will have anything to do. */
export interface EndedWell {
  readonly session: Session;
  readonly outcome: RunOutcome;
  readonly record: RunRecord;
}

/**
 * Does a run's work, and remembers what it said if there was nothing to do: the next such run recalls it.
 *
 * @param work is to tell `listen` what happens, and gives the run when it ended well
 */
export async function remembering(
  invocation: Invocation,
  work: (
    listen: Emit,
  ) => Promise<{ readonly status: number; readonly ended: EndedWell | undefined }>,
): Promise<number> {
  const artifacts = artifactsOf(invocation);
  // What each run leaves of its own tells nothing of the next; and what is kept of other files is held
  // against those files, which are looked at themselves.
  const own = [
    path.join(artifacts, 'runs'),
    path.join(artifacts, 'store', 'tmp'),
    cacheFolder(invocation.root),
  ];
  const watched = watch((name) =>
    own.some((folder) => name === folder || name.startsWith(folder + path.sep)),
  );
  try {
    const { status, ended } = await work(({ type }) => {
      if (type === 'started') watched.end();
    });
    watched.end();
    if (ended !== undefined && willFindTheSame(ended)) remember(invocation, ended, watched);
    return status;
  } finally {
    watched.end();
  }
}

function remember({ root, program }: Invocation, ended: EndedWell, { looks, said }: Watch): void {
  const { record, session } = ended;
  const file = answerFile(root);
  try {
    writeAnswer(file, {
      looks: [...programLooks(root, program), ...looks.values()],
      given: givenBy(ended),
      said,
      artifacts: session.artifacts,
      record,
    });
    forgetOld(path.dirname(file));
  } catch {
    // Where it cannot be kept, the next run looks again: that costs time only.
  }
}

/** Whether there was nothing to do, and nothing but files decided so. */
function willFindTheSame({ session: { survey, artifacts }, record }: EndedWell): boolean {
  const { graph, workspace } = survey;
  // Another process at work, or one that died elsewhere, is looked at with a clock.
  const alone = ['processes', 'leases'].every((name) => {
    const folder = path.join(workspace.store.folder, name);
    return !fs.existsSync(folder) || fs.readdirSync(folder).length === 0;
  });
  return (
    didNothing(record) && graph.lasting && alone && fs.existsSync(runFile(artifacts, record.id))
  );
}

/** The files that this program was made from, as they were when they were found unmoved. */
function programLooks(root: string, program: readonly Source[]): readonly Look[] {
  return program.map(({ path: name, stamp }) => ({ path: path.join(root, name), stamp }));
}

function givenBy({ session: { survey }, outcome }: EndedWell): { path: string; sha256: string }[] {
  const { graph, workspace } = survey;
  return graph.instances
    .filter(({ stage }) => isLast(graph, stage))
    .flatMap(({ id }) => Object.values(outcome.records.get(id)?.outputs ?? {}))
    .map(({ sha256 }) => ({ path: workspace.store.objectPath(sha256), sha256 }));
}

function forgetOld(folder: string): void {
  const files = fs.readdirSync(folder).map((name) => path.join(folder, name));
  const ages = files.map((file) => ({ file, ms: fs.statSync(file).mtimeMs }));
  for (const { file } of ages.sort((a, b) => b.ms - a.ms).slice(KEPT)) fs.rmSync(file);
}
