import fs from 'node:fs';
import path from 'node:path';
import { sha256 } from '../pipeline/canonical.ts';
import { UserError } from '../pipeline/errors.ts';
import type { Emit } from '../pipeline/events.ts';
import { isLast } from '../pipeline/graph.ts';
import { outputFolder } from '../pipeline/links.ts';
import type { Survey } from '../pipeline/plan.ts';
import type { RunOutcome } from '../pipeline/run.ts';
import {
  beginRun,
  didNothing,
  finishedRun,
  runText,
  unfinishedRun,
  writeRun,
  type RunRecord,
} from '../pipeline/run-record.ts';
import { gitState } from './git.ts';

/** What a run is asked for, as its record tells it. */
export interface Asked {
  readonly words: readonly string[];
  readonly config: string;
  /** The stages named; all when empty. */
  readonly targets: readonly string[];
}

/** Keeps a run's record: begun with the first instance that is executed, whole at the end. */
export interface Recorder {
  readonly listen: Emit;
  /** @returns the record, or why it could not be written, which fails no run */
  readonly end: (
    outcome: RunOutcome,
    status: number,
  ) => Promise<{ readonly record: RunRecord; readonly trouble: string | undefined }>;
}

/** Looks at git beside the run, so that a run with nothing to do hardly waits for it. */
export function recorder(survey: Survey, asked: Asked): Recorder {
  const { workspace } = survey;
  const { artifacts, store, root, presence } = workspace;
  const git = gitState(root);
  const head = beginRun(asked.words, asked.config);
  let begun = false;
  return {
    listen: (event) => {
      if (event.type !== 'started' || begun) return;
      begun = true;
      writing(() => {
        writeRun(artifacts, store, unfinishedRun(head));
      });
    },
    end: async (outcome, status) => {
      const ended = { status, git: await git, lock: lockOf(root) };
      const record = await finishedRun(head, survey, asked.targets, outcome, ended);
      const trouble = writing(() => {
        writeRun(artifacts, store, record);
        if (!didNothing(record)) showBesideResults(survey, outcome, record);
      });
      store.removeTemporary(presence.token);
      return { record, trouble };
    },
  };
}

/** run.json beside the report: what it may not say itself, since that differs from machine to machine. */
function showBesideResults(
  { graph, workspace }: Survey,
  { records }: RunOutcome,
  record: RunRecord,
): void {
  const { artifacts, store } = workspace;
  for (const instance of graph.instances) {
    if (!isLast(graph, instance.stage) || !records.has(instance.id)) continue;
    const folder = outputFolder(artifacts, instance);
    if (folder !== undefined) store.writeDurably(path.join(folder, 'run.json'), runText(record));
  }
}

/** A store that cannot be written to is the run's trouble where it matters, and a remark here. */
function writing(action: () => void): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function lockOf(root: string): string | null {
  const file = path.join(root, 'package-lock.json');
  return fs.existsSync(file) ? sha256(fs.readFileSync(file)) : null;
}
