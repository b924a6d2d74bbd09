import fs from 'node:fs';
import path from 'node:path';
import { Store } from '../../lib/pipeline/store.ts';

/** Everything in a store that is not as it should be: empty for a healthy one. */
export function illnesses(artifacts: string): readonly string[] {
  const store = new Store(artifacts, 'a test');
  const found: string[] = [];
  for (const file of filesBelow(path.join(store.folder, 'objects'))) {
    if (!store.isWhole(path.basename(file))) found.push(`object ${path.basename(file)} is damaged`);
  }
  for (const file of filesBelow(path.join(store.folder, 'records'))) {
    const record = store.record(path.basename(file, '.json'));
    if (record === undefined) found.push(`record ${path.basename(file)} is damaged`);
    for (const [output, object] of Object.entries(record?.outputs ?? {})) {
      const state = store.objectState(object);
      if (state !== 'present') found.push(`${output} of ${record?.instance ?? ''} is ${state}`);
    }
  }
  for (const folder of ['tmp', 'leases', 'processes']) {
    const left = filesBelow(path.join(store.folder, folder));
    found.push(...left.map((file) => `left behind: ${path.relative(store.folder, file)}`));
  }
  return found;
}

function filesBelow(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
