import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recogniseLayout } from '../../lib/corpus/recognise.ts';

let root = '';
beforeEach(async () => {
  root = await fs.mkdtemp(path.join(os.tmpdir(), 'recognise-'));
});
afterEach(() => fs.rm(root, { recursive: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) await fs.writeFile(path.join(root, name), '');
}

describe('recognising a layout', () => {
  it('goes by the names of most files, so that one stray file is an error of its own later', async () => {
    await put('03-01-05-01-02-01-01.wav', '03-01-05-01-02-01-02.flac', 'stray.wav');
    expect(await recogniseLayout(root)).toBe('ravdess');
  });

  it('believes corpus.yaml', async () => {
    await put('a.wav', 'b.wav');
    await fs.writeFile(path.join(root, 'corpus.yaml'), 'layout: ravdess\n');
    expect(await recogniseLayout(root)).toBe('ravdess');
  });

  it('refuses a layout of corpus.yaml that there is not', async () => {
    await put('a.wav');
    await fs.writeFile(path.join(root, 'corpus.yaml'), 'layout: emodb\n');
    await expect(recogniseLayout(root)).rejects.toMatchObject({
      code: 'unknown-layout',
      message: `${path.join(root, 'corpus.yaml')} says layout emodb, which is not known; known: ravdess.`,
    });
  });

  it('says what was tried, with a name as it should be and one as it is', async () => {
    await put('03-01-05-01-02-01-01.wav', 'a.wav', 'b.wav');
    await expect(recogniseLayout(root)).rejects.toMatchObject({
      code: 'unknown-layout',
      message: `The layout of the corpus ${root} is not recognised from its 3 recordings, such as a.wav. Tried: ravdess, named as Actor_01/03-01-05-01-02-01-01.wav (1 fit). Set decode.layout, or say \`layout:\` in the corpus's corpus.yaml.`,
    });
  });
});
