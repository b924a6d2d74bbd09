import path from 'node:path';
import { smallCorpus } from './corpus.ts';
import { Project } from './project.ts';

/** A project whose default pipeline is small enough to run in seconds, all of it. */
export function smallProject(speakers = 3): Project {
  const project = new Project();
  smallCorpus(path.join(project.root, 'sample/corpus'), speakers);
  const smaller = [
    ['rate: 44100', 'rate: 8000'],
    ['size: 2048', 'size: 512'],
    ['hop: 512', 'hop: 128'],
    ['bands: 128', 'bands: 32'],
    ['fmax: 8000', 'fmax: 4000'],
    ['folds: 5', 'folds: 2'],
    ['epochs: 200', 'epochs: 2'],
    ['draws: 2000', 'draws: 20'],
  ] as const;
  for (const [from, to] of smaller) {
    project.edit('pipeline.yaml', (text) => text.replaceAll(from, to));
  }
  return project;
}
