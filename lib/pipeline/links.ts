import fs from 'node:fs';
import path from 'node:path';
import type { Instance } from './graph.ts';
import { reach } from './points.ts';
import type { Store, StoreRecord } from './store.ts';

/**
 * Shows an instance's current objects under human names: `artifacts/mel/mel-means.arrow`,
 * `artifacts/train/fold-3/model.arrow`. Relative links, or copies where links are refused; what a
 * person is given is always a copy, since a browser goes by the name of the file that a link leads to.
 */
export function showOutputs(workspace: ShownIn, instance: Instance, record: StoreRecord): void {
  const { artifacts, store } = workspace;
  const folder = outputFolder(artifacts, instance);
  if (folder === undefined) return;
  for (const [output, object] of Object.entries(record.outputs)) {
    const { writes } = instance.stage.declaration;
    const kind = Object.hasOwn(writes, output) ? writes[output] : undefined;
    const target = store.objectPath(object.sha256);
    if (kind === undefined || !fs.existsSync(target)) continue;
    const name = path.join(folder, kind);
    fs.mkdirSync(folder, { recursive: true });
    if (workspace.copies || !link(store, target, name)) copy(store, target, name);
    reach('shown');
  }
}

/** Where outputs are shown, and whether as copies. */
export interface ShownIn {
  readonly artifacts: string;
  readonly store: Store;
  readonly copies: boolean;
}

/** The folder that shows an instance's outputs; undefined where they are shown nowhere. */
export function outputFolder(artifacts: string, { stage, each }: Instance): string | undefined {
  const { shownIn = stage.name } = stage;
  if (shownIn === null) return undefined;
  return path.join(
    artifacts,
    shownIn,
    ...Object.entries(each).map(([axis, value]) => `${axis}-${value}`),
  );
}

/** @returns false where links are refused */
function link(store: Store, target: string, name: string): boolean {
  const text = path.relative(path.dirname(name), target);
  if (isLinkTo(name, text)) return true;
  const temporary = store.temporary();
  try {
    fs.symlinkSync(text, temporary);
  } catch {
    return false;
  }
  reach('shown-before-rename');
  fs.renameSync(temporary, name);
  return true;
}

function isLinkTo(name: string, text: string): boolean {
  try {
    return fs.readlinkSync(name) === text;
  } catch {
    return false;
  }
}

/** A copy is given its object's time, so that size and time tell whether it is still that copy. */
function copy(store: Store, target: string, name: string): void {
  const object = fs.statSync(target);
  const there = fs.lstatSync(name, { throwIfNoEntry: false });
  const same = there?.isFile() === true && there.size === object.size;
  if (same && Math.abs(there.mtimeMs - object.mtimeMs) < 2) return;
  const temporary = store.temporary();
  fs.copyFileSync(target, temporary);
  fs.chmodSync(temporary, 0o644);
  fs.utimesSync(temporary, object.atimeMs / 1000, object.mtimeMs / 1000);
  reach('shown-before-rename');
  fs.renameSync(temporary, name);
}
