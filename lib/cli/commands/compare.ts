import fs from 'node:fs';
import path from 'node:path';
import { stages as registry } from '../../../stages/registry.ts';
import { canonicalJson, sha256 } from '../../pipeline/canonical.ts';
import { UserError } from '../../pipeline/errors.ts';
import type { JobOutcome } from '../../pipeline/job.ts';
import { loadDeclaration } from '../../pipeline/load.ts';
import { localExecutor } from '../../pipeline/local-executor.ts';
import { makeStageJob } from '../../pipeline/make-job.ts';
import { findRun, readRuns } from '../../pipeline/runs.ts';
import type { Workspace } from '../../pipeline/workspace.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { candidatesOf } from '../compare/candidates.ts';
import { comparedOf, type Compared } from '../compare/compared.ts';
import { withInterrupts } from '../interrupts.ts';
import { artifactsOf, workspaceAt } from '../places.ts';
import { cores, pageOf, shownPath } from '../session.ts';

/** `compare A B ...`: the comparison of a sweep, of any recorded runs. */
export async function execute(invocation: Invocation): Promise<number> {
  const { options, answer, talk, folder } = invocation;
  if (options.words.length === 0) {
    throw new UserError(
      'no-runs',
      'Name the runs, first the one that the others are tested against: npm run compare -- latest~1 latest. A run is named by its id or how it begins, by latest or latest~1, or by a pin.',
    );
  }
  const artifacts = artifactsOf(invocation);
  const workspace = workspaceAt(invocation, artifacts);
  const { store, presence } = workspace;
  const runs = readRuns(artifacts);
  const candidates = options.words.flatMap((word) => candidatesOf(findRun(runs, word), word));
  const compared = comparedOf(candidates, (hash) => store.objectPath(hash));
  const missing = Object.values(compared.inputs)
    .flat()
    .find((file) => !fs.existsSync(file.path));
  if (missing !== undefined) {
    throw new UserError(
      'input-gone',
      `A result of these runs is no longer in the store (${path.basename(missing.path).slice(0, 12)}): run them again, then compare.`,
    );
  }
  presence.begin();
  try {
    const quiet = { end: () => undefined };
    const { outcome, interrupted } = await withInterrupts(quiet, (signal) =>
      made(workspace, compared, signal),
    );
    if (interrupted !== undefined) return interrupted;
    const { files, log } = outcome;
    if (options.values['json'] === true) {
      answer.write(`${JSON.stringify({ status: 0, log, files }, null, 2)}\n`);
      return exitStatus.done;
    }
    for (const line of log) talk.write(`  ${line}\n`);
    talk.write(`\n  ${shownPath(pageOf(files) ?? '', folder)}\n`);
    return exitStatus.done;
  } finally {
    store.removeTemporary(presence.token);
    await presence.end();
  }
}

/** Lets the stage of sweeps do it, and puts what it wrote in a folder of this comparison's own. */
async function made(
  { root, artifacts, store }: Workspace,
  compared: Compared,
  signal: AbortSignal,
): Promise<{ readonly files: readonly string[]; readonly log: readonly string[] }> {
  const entry = registry.compare;
  const declaration = await loadDeclaration(root, entry);
  const params = declaration.parameters().parse(compared.params);
  const work = store.makeWorkFolder();
  const job = await makeStageJob(root, entry, declaration, {
    params,
    inputs: compared.inputs,
    folder: work,
    jobs: cores(),
  });
  const jobFile = path.join(work, 'job.json');
  fs.writeFileSync(jobFile, JSON.stringify(job));
  const log: string[] = [];
  const hooks = {
    started: () => undefined,
    progress: () => undefined,
    log: (line: string) => log.push(line),
  };
  const outcome = await localExecutor(root, 1).execute(jobFile, hooks, signal);
  if (signal.aborted) return { files: [], log: [] };
  refuse(outcome);
  const hashes = Object.values(compared.inputs).map((files) => files.map((file) => file.sha256));
  const name = sha256(canonicalJson([params, hashes])).slice(0, 12);
  const home = path.join(artifacts, 'comparisons', name);
  fs.mkdirSync(home, { recursive: true });
  const files = Object.values(job.outputs).map((file) => {
    const target = path.join(home, path.basename(file));
    fs.renameSync(file, target);
    return target;
  });
  return { files, log };
}

function refuse(outcome: JobOutcome): void {
  if (outcome.kind === 'damaged') {
    throw new UserError(
      'damaged-artifact',
      `A result of these runs is damaged in the store (${outcome.sha256.slice(0, 12)}): \`npm run verify\` says what to run again.`,
    );
  }
  if (outcome.kind !== 'failed') return;
  const { user, code, message } = outcome.failure;
  if (user) throw new UserError(code, message);
  throw new Error(message);
}
