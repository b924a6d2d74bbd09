import fs from 'node:fs';
import path from 'node:path';
import { sha256, type Sha256 } from '../pipeline/canonical.ts';
import type { RunRecord } from '../pipeline/run-record.ts';
import type { Workspace } from '../pipeline/workspace.ts';
import { parseReport, type WrittenReport } from '../report/reader.ts';
import { gitState } from './git.ts';
import { artifactName, artifactsOfRun } from './run-view.ts';
import { columns, type Paint } from './style.ts';

/** What of this checkout is not as it was when the report was made. */
export async function surroundings(
  report: WrittenReport,
  made: RunRecord | undefined,
  { root, packages }: Workspace,
): Promise<readonly string[]> {
  const differing = Object.entries(report.packages)
    .map(([name, version]) => ({ name, version, here: packages.version(name) ?? 'absent' }))
    .filter(({ version, here }) => version !== here)
    .map(({ name, version, here }) => `${name} ${version} made it, here is ${here}`);
  if (made === undefined) return differing;
  const git = await gitState(root);
  if (made.git !== null && git !== null && made.git.commit !== git.commit) {
    differing.push(`commit ${made.git.commit} made it, here is ${git.commit}`);
  }
  if (made.git?.clean === false) differing.push(`it was made with changes that were not committed`);
  if (git?.clean === false) differing.push('there are changes here that are not committed');
  const lock = path.join(root, 'package-lock.json');
  const here = fs.existsSync(lock) ? sha256(fs.readFileSync(lock)) : null;
  if (made.versions.lock !== here) differing.push('package-lock.json is another');
  return differing;
}

/** Every hash that the report, what lies beside it and its run's record tell. */
export function hashesOf(
  file: string,
  report: WrittenReport,
  made: RunRecord | undefined,
): ReadonlyMap<string, Sha256> {
  const stage = report.stages.at(-1)?.name ?? 'report';
  const beside = ['report.html', 'report.md'].flatMap((name): [string, Sha256][] => {
    const other = path.join(path.dirname(file), name);
    return fs.existsSync(other) ? [[`${stage}/${name}`, sha256(fs.readFileSync(other))]] : [];
  });
  return new Map([
    ...(made === undefined ? [] : artifactsOfRun(made)),
    ...report.artifacts.map((fact): [string, Sha256] => [artifactName(fact), fact.sha256]),
    ...beside,
    [`${stage}/report.json`, sha256(fs.readFileSync(file))],
  ]);
}

/** By the names of the instances, and by those that the new report gives them. */
export function hashesOfRun(record: RunRecord, { store }: Workspace): ReadonlyMap<string, Sha256> {
  const hashes = artifactsOfRun(record);
  const json = [...hashes].find(([name]) => name.endsWith('/report.json'))?.[1];
  const text = json === undefined ? '' : fs.readFileSync(store.objectPath(json), 'utf8');
  const facts = parseReport(text)?.artifacts ?? [];
  return new Map([
    ...facts.map((fact): [string, Sha256] => [artifactName(fact), fact.sha256]),
    ...hashes,
  ]);
}

interface Compared {
  readonly name: string;
  readonly expected: Sha256;
  /** Null when the run made nothing of that name. */
  readonly got: Sha256 | null;
}

export function compare(
  expected: ReadonlyMap<string, Sha256>,
  got: ReadonlyMap<string, Sha256>,
): readonly Compared[] {
  return [...expected].map(([name, hash]) => ({
    name,
    expected: hash,
    got: got.get(name) ?? null,
  }));
}

export function comparedLines(
  compared: readonly Compared[],
  kept: string | null,
  paint: Paint,
): readonly string[] {
  const rows = compared.map(({ name, expected, got }) =>
    got === expected
      ? [paint('green', '  same'), name, expected.slice(0, 12)]
      : [
          paint('red', '  different'),
          name,
          `${expected.slice(0, 12)} -> ${got === null ? '(not made)' : got.slice(0, 12)}`,
        ],
  );
  const different = compared.filter(({ expected, got }) => expected !== got).length;
  const answer =
    different === 0
      ? `All ${compared.length} hashes came out the same.`
      : `${different} of ${compared.length} hashes came out different.`;
  return [
    ...columns(rows),
    '',
    kept === null ? answer : `${answer} What was made lies in ${kept}.`,
  ];
}
