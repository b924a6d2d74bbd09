import fs from 'node:fs';
import path from 'node:path';
import type { Instance } from './graph.ts';
import type { Store, StoreRecord } from './store.ts';

/**
 * Shows an instance's current objects under human names: `artifacts/mel/mel-means.arrow`,
 * `artifacts/train/fold-3/model.arrow`. Relative links, or copies where links are refused.
 */
export function linkOutputs(
  artifacts: string,
  store: Store,
  instance: Instance,
  record: StoreRecord,
): void {
  const folder = outputFolder(artifacts, instance);
  for (const [output, object] of Object.entries(record.outputs)) {
    const kind = instance.stage.declaration.writes[output];
    const target = store.objectPath(object.sha256);
    if (kind !== undefined && fs.existsSync(target)) link(target, path.join(folder, kind));
  }
}

export function outputFolder(artifacts: string, { stage, each }: Instance): string {
  return path.join(
    artifacts,
    stage.name,
    ...Object.entries(each).map(([axis, value]) => `${axis}-${value}`),
  );
}

function link(target: string, name: string): void {
  const text = path.relative(path.dirname(name), target);
  if (isLinkTo(name, text)) return;
  fs.mkdirSync(path.dirname(name), { recursive: true });
  const temporary = `${name}.${process.pid}.tmp`;
  fs.rmSync(temporary, { force: true });
  try {
    fs.symlinkSync(text, temporary);
  } catch {
    if (isCopyOf(name, target)) return;
    fs.copyFileSync(target, temporary);
    const { atime, mtime } = fs.statSync(target);
    fs.chmodSync(temporary, 0o644);
    fs.utimesSync(temporary, atime, mtime);
  }
  fs.renameSync(temporary, name);
}

function isLinkTo(name: string, text: string): boolean {
  try {
    return fs.readlinkSync(name) === text;
  } catch {
    return false;
  }
}

/** A copy is given its object's time, so that size and time tell whether it is still that copy. */
function isCopyOf(name: string, target: string): boolean {
  const copy = fs.statSync(name, { throwIfNoEntry: false });
  const object = fs.statSync(target);
  return copy?.isFile() === true && copy.size === object.size && copy.mtimeMs === object.mtimeMs;
}
