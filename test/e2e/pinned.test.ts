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
      "baselines predictions 850e86faac61107c",
      "decode clips 658b7b34b889df40",
      "decode samples adb31bd35dff9b06",
      "evaluate predictions 5489880a51ed2ccc",
      "evaluate scores 88c9d8507147863d",
      "mel means 6204bce2323d79d5",
      "mel spectrograms ec64879ccff3041b",
      "report html 3c94483941277b0c",
      "report json 9c18302b9d2f8c09",
      "report markdown 8bd2a4ad9b0352dd",
      "split folds 8677cd2c5e4fa5a3",
      "stft spectra 2b98e3d2e8f07f37",
      "train[fold=1] history 74428782ac98371c",
      "train[fold=1] model e1e92575ee99676b",
      "train[fold=1] predictions e2bb7c88c9662683",
      "train[fold=2] history d4edb0279ca61a1a",
      "train[fold=2] model 0c35d28b12f8df19",
      "train[fold=2] predictions cd3a6464f510745a",
    ]
  `);
});
