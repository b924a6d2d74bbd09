import path from 'node:path';
import { UserError } from '../pipeline/errors.ts';
import { readDescription } from './description.ts';
import { listCorpus, type CorpusFile } from './listing.ts';
import { isLayoutName, layoutModules, layoutNames, type LayoutName } from './registry.ts';
import { grouped } from './words.ts';

/**
 * The layout of a corpus: what its corpus.yaml says, otherwise the one whose naming most of the files
 * follow, and at least half of them.
 *
 * @throws UserError when none fits; the message lists what was tried.
 */
export async function recogniseLayout(folder: string): Promise<LayoutName> {
  const { files } = await listCorpus(folder);
  const { layout } = await readDescription(folder);
  if (layout !== undefined) {
    if (isLayoutName(layout)) return layout;
    throw new UserError(
      'unknown-layout',
      `${path.join(folder, 'corpus.yaml')} says layout ${layout}, which is not known; known: ${layoutNames().join(', ')}.`,
    );
  }
  const matches = layoutNames()
    .map((name) => ({ name, count: countMatches(files, name) }))
    .sort((a, b) => b.count - a.count);
  const [best] = matches;
  if (best !== undefined && best.count > 0 && best.count * 2 >= files.length) return best.name;
  const tried = matches.map(
    ({ name, count }) => `${name}, named as ${layoutModules[name].example} (${grouped(count)} fit)`,
  );
  const of = files.length === 1 ? 'its one recording' : `its ${grouped(files.length)} recordings`;
  const stranger = files.find(({ clip }) => layoutNames().every((name) => !follows(clip, name)));
  throw new UserError(
    'unknown-layout',
    `The layout of the corpus ${folder} is not recognised from ${of}, such as ${(stranger ?? files[0])?.file ?? ''}. Tried: ${tried.join('; ')}. Set decode.layout, or say \`layout:\` in the corpus's corpus.yaml.`,
  );
}

function countMatches(files: readonly CorpusFile[], name: LayoutName): number {
  return files.filter(({ clip }) => follows(clip, name)).length;
}

function follows(clip: string, name: LayoutName): boolean {
  return typeof layoutModules[name].parse(clip) !== 'string';
}
