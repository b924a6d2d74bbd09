import path from 'node:path';
import { expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project } from '../helpers/project.ts';

/**
 * The hash of every artifact of a small run, the same on every machine. A change of what a stage
 * computes moves its line and those below it; `npx vitest run test/e2e/pinned.test.ts -u` pins anew.
 */
it('every artifact of a small run has the same bytes on every machine', async () => {
  const project = new Project();
  const corpus = smallCorpus(path.join(project.root, 'corpus'), 3);
  const said = await project.emotion([
    ...['pipeline', '--json', '--corpus', corpus],
    ...['--set', 'split.folds=2', '--set', 'train.epochs=3', '--set', 'evaluate.draws=50'],
  ]);
  expect([said.status, said.stderr]).toEqual([0, expect.any(String)]);
  const { instances } = JSON.parse(said.stdout) as {
    instances: { instance: string; outputs: Record<string, { sha256: string }> }[];
  };
  const hashes = instances.flatMap(({ instance, outputs }) =>
    Object.entries(outputs).map(
      ([name, { sha256 }]) => `${instance} ${name} ${sha256.slice(0, 16)}`,
    ),
  );
  expect(hashes.sort()).toMatchInlineSnapshot(`
    [
      "baselines predictions 1d4c4f6af4280f06",
      "decode clips 658b7b34b889df40",
      "decode samples 8979444ea7dc2c46",
      "evaluate predictions 17ddb4aa58f2e75a",
      "evaluate scores 88c9d8507147863d",
      "mel means 461008d60117ec38",
      "mel spectrograms a554df890285b966",
      "report html b3ce6ac8171fedb4",
      "report json 3f601e35930073bb",
      "report markdown 8bd2a4ad9b0352dd",
      "split folds 8677cd2c5e4fa5a3",
      "stft spectra 1c6d4e2f83476cbf",
      "train[fold=1] history 49250acd324d145f",
      "train[fold=1] model 0e96f35fca7feff2",
      "train[fold=1] predictions 77b5f1a29595b454",
      "train[fold=2] history ab5a6a0cad3af114",
      "train[fold=2] model 12ff4114876ec2ef",
      "train[fold=2] predictions 0cf97c6f00530a44",
    ]
  `);
});
