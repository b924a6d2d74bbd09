import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, GRACE_MS, remove, type Collection } from '../../lib/pipeline/gc.ts';
import { beginRun, finishedRun, writeRun, type RunRecord } from '../../lib/pipeline/run-record.ts';
import { readRuns, removePin, setPin } from '../../lib/pipeline/runs.ts';
import { verify } from '../../lib/pipeline/verify.ts';
import { smallToy, temporary, workspaceOf } from '../helpers/small-toy.ts';
import { illnesses } from '../helpers/store-health.ts';
import type { Toy } from '../helpers/toy.ts';

const later = Date.now() + 2 * GRACE_MS;

const gc = (toy: Toy, wishes: Partial<Parameters<typeof collect>[1]> = {}): Collection =>
  collect(workspaceOf(toy), {
    ...{ keepRuns: 10, dropTemporary: false, temporary, nowMs: later },
    ...wishes,
  });

const shown = ({ removals }: Collection): readonly string[] =>
  removals.map(({ what, of, reason }) => `${what} ${of}: ${reason}`);

/** Runs and records it, as the command line does. */
async function recorded(toy: Toy, ...sets: readonly string[]): Promise<RunRecord> {
  const head = beginRun(['pipeline', ...sets], 'pipeline.yaml');
  const { outcome } = await toy.run(sets);
  const survey = await toy.survey(sets);
  const ended = { status: 0, git: null, lock: null };
  const record = await finishedRun(head, survey, [], outcome, ended);
  writeRun(survey.workspace.artifacts, survey.workspace.store, record);
  survey.workspace.store.removeTemporary(survey.workspace.presence.token);
  return record;
}

describe('gc', () => {
  it('removes nothing of what the latest results reach', async () => {
    const toy = smallToy();
    await toy.run();
    expect(gc(toy)).toEqual({ removals: [], kept: { objects: 3, bytes: 10, runs: 0 }, young: 0 });
  });

  it('finds what no latest result reaches, says so, and removes it only when told', async () => {
    const toy = smallToy();
    await toy.run();
    await toy.run(['last.end=x']);
    const found = gc(toy);
    expect(shown(found)).toEqual(['record last: unreached', 'object last of last: unreached']);
    expect(gc(toy)).toEqual(found);
    remove(workspaceOf(toy), found);
    expect(gc(toy).removals).toEqual([]);
    expect(illnesses(path.join(toy.root, 'artifacts'))).toEqual([]);
    expect((await toy.run(['last.end=x'])).executed).toEqual([]);
    expect((await toy.run()).executed).toEqual(['last']);
  });

  it('leaves what is younger than an hour: a record may be about to name it', async () => {
    const toy = smallToy();
    await toy.run();
    await toy.run(['last.end=x']);
    expect(gc(toy, { nowMs: Date.now() })).toMatchObject({ removals: [], young: 2 });
  });

  it('keeps what recorded runs reach, and forgets older runs with what only they reach', async () => {
    const toy = smallToy();
    const first = await recorded(toy);
    await recorded(toy, 'last.end=x');
    await recorded(toy, 'last.end=y');
    expect(gc(toy).removals).toEqual([]);
    const found = gc(toy, { keepRuns: 2 });
    expect(shown(found)).toEqual([
      'run pipeline: older-run',
      'record last: unreached',
      'object last of last: unreached',
    ]);
    remove(workspaceOf(toy), found);
    const left = readRuns(path.join(toy.root, 'artifacts')).map(({ id }) => id);
    expect(left).toHaveLength(2);
    expect(left).not.toContain(first.id);
    expect((await toy.run(['last.end=x'])).executed).toEqual([]);
  });

  it('counts a run that had nothing to do as a repetition', async () => {
    const toy = smallToy();
    await recorded(toy);
    await recorded(toy, 'last.end=x');
    for (let time = 0; time < 3; time += 1) await recorded(toy, 'last.end=x');
    expect(shown(gc(toy, { keepRuns: 2 }))).toEqual([
      'run pipeline last.end=x: older-run',
      'run pipeline last.end=x: older-run',
    ]);
  });

  it('keeps a pinned run until the pin is taken away', async () => {
    const toy = smallToy();
    const { id } = await recorded(toy);
    await recorded(toy, 'last.end=x');
    const workspace = workspaceOf(toy);
    setPin(workspace, 'submitted', id);
    expect(gc(toy, { keepRuns: 1 }).removals).toEqual([]);
    removePin(workspace.artifacts, 'submitted');
    expect(shown(gc(toy, { keepRuns: 1 }))).toHaveLength(3);
  });

  it('refuses to judge what a run reaches whose record cannot be read', async () => {
    const toy = smallToy();
    const { id } = await recorded(toy);
    fs.writeFileSync(path.join(toy.root, 'artifacts/runs', id, 'run.json'), '{"format":1');
    expect(() => gc(toy)).toThrow(
      `The record of the run ${id} cannot be read, so nobody knows what it reaches: remove artifacts/runs/${id} first.`,
    );
  });

  it('drops temporary objects first, though reachable: all stays fresh, and what needs one builds it again', async () => {
    const toy = smallToy();
    await toy.run();
    const found = gc(toy, { dropTemporary: true });
    expect(shown(found)).toEqual(['object loud of loud: temporary']);
    remove(workspaceOf(toy), found);
    expect(fs.readdirSync(path.join(toy.root, 'artifacts/loud'))).toEqual([]);
    expect(verify(workspaceOf(toy), temporary)).toMatchObject({
      dropped: [{ what: 'loud of loud' }],
      findings: [],
    });
    expect((await toy.run()).executed).toEqual([]);
    const run = await toy.run(['last.end=x']);
    expect(run.executed).toEqual(['loud', 'last']);
    expect(toy.read('last/last.txt')).toBe('A Bx');
  });

  it('never touches what an instance that runs now reads, nor the folder it works in', async () => {
    const toy = smallToy();
    await toy.run();
    const { store, presence } = workspaceOf(toy);
    const busy = workspaceOf(toy);
    busy.presence.begin();
    const folder = busy.store.makeWorkFolder();
    const sha256 = path.basename(toy.object('loud', 'loud'));
    const inputs = { loud: { path: store.objectPath(sha256), sha256, stage: 'loud', each: {} } };
    fs.writeFileSync(path.join(folder, 'job.json'), JSON.stringify({ inputs }));
    expect(presence.isAlive(busy.presence.token)).toBe(true);
    expect(gc(toy, { dropTemporary: true }).removals).toEqual([]);
    await busy.presence.end();
    expect(shown(gc(toy, { dropTemporary: true }))).toEqual([
      'object loud of loud: temporary',
      'work-folder : left-by-a-dead-process',
    ]);
  });

  it('lists and removes what was set aside as damaged', async () => {
    const toy = smallToy();
    await toy.run();
    const { store } = workspaceOf(toy);
    store.setAside(path.basename(toy.object('text', 'text')));
    const found = gc(toy);
    expect(shown(found)).toEqual(['damaged : set-aside']);
    remove(workspaceOf(toy), found);
    expect(fs.readdirSync(path.join(store.folder, 'damaged'))).toEqual([]);
  });
});
