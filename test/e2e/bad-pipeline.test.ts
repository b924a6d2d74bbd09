import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { smallCorpus } from '../helpers/corpus.ts';
import { Project } from '../helpers/project.ts';
import { refusal } from '../helpers/refusal.ts';

let project: Project;
beforeAll(() => {
  project = new Project();
  smallCorpus(path.join(project.root, 'sample/corpus'), 2);
});

/** What `pipeline --config other.yaml` says when it refuses what that file changes. */
function refused(yaml: string, ...words: readonly string[]): Promise<string> {
  project.write('other.yaml', `extends: pipeline.yaml\n${yaml}`);
  return refusal(project, ['pipeline', '--config', 'other.yaml', ...words]);
}

describe('a pipeline is refused before anything runs, with the place and what would be right,', () => {
  it('for an unknown key', async () => {
    expect(await refused('stages:\n  train:\n    parms: { lambda: 1 }\n')).toMatchInlineSnapshot(`
      "other.yaml:4:5: stage train has no key parms; did you mean params?
        4 |     parms: { lambda: 1 }
          |     ^^^^^
      "
    `);
  });

  it('for an unknown parameter', async () => {
    expect(await refused('stages:\n  train: { params: { lamda: 1 } }\n')).toMatchInlineSnapshot(`
      "other.yaml:3:22: train has no parameter lamda; did you mean lambda?
        3 |   train: { params: { lamda: 1 } }
          |                      ^^^^^
      "
    `);
  });

  it('for a cycle', async () => {
    expect(await refused('stages:\n  stft: { needs: [decode, mel] }\n')).toMatchInlineSnapshot(`
      "pipeline.yaml:31:13: these stages need each other in a circle: stft -> mel -> stft.
        31 |     needs: [stft]
           |             ^^^^
      "
    `);
  });

  it('for a value of the wrong type', async () => {
    expect(await refused('stages:\n  decode:\n    params:\n      rate: CD\n'))
      .toMatchInlineSnapshot(`
      "other.yaml:5:13: decode.rate is "CD", but should be a number.
        5 |       rate: CD
          |             ^^
      "
    `);
  });

  it('for channels and kernels of different lengths', async () => {
    const yaml =
      'stages:\n  train:\n    params:\n      channels: [5, 10]\n      kernels: [11, 5, 3]\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "other.yaml:6:16: train.kernels: channels has 2 values, kernels 3 values and strides 4 values, but each needs one for every layer.
        6 |       kernels: [11, 5, 3]
          |                ^^^^^^^^^^
      "
    `);
  });

  it('for a lambda that is not a number', async () => {
    const yaml = 'stages:\n  train:\n    params: { lambda: sharp }\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "other.yaml:4:23: train.lambda is "sharp", but should be a number.
        4 |     params: { lambda: sharp }
          |                       ^^^^^
      "
    `);
  });

  it('for a lambda that is NaN', async () => {
    const yaml = 'stages:\n  train:\n    params: { lambda: .nan }\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "other.yaml:4:23: train.lambda is NaN, but should be a number.
        4 |     params: { lambda: .nan }
          |                       ^^^^
      "
    `);
  });

  it('for an infinite lambda', async () => {
    const yaml = 'stages:\n  train:\n    params: { lambda: .inf }\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "other.yaml:4:23: train.lambda is Infinity, but should be a finite number.
        4 |     params: { lambda: .inf }
          |                       ^^^^
      "
    `);
  });

  it('for a network that leaves no position', async () => {
    const yaml = 'stages:\n  train:\n    params: { kernels: [250, 5, 3, 3] }\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "other.yaml:4:24: train.kernels: layer 2 leaves no position: its kernel spans 5, and the layer before it leaves 1. A clip has 259 frames, by decode.duration, decode.rate and stft.hop.
        4 |     params: { kernels: [250, 5, 3, 3] }
          |                        ^^^^^^^^^^^^^^
      "
    `);
  });

  it('for a fold list that is not there', async () => {
    const yaml = 'stages:\n  split:\n    params: { by: list, list: gone.csv }\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "other.yaml:4:31: split.list: there is no PROJECT/gone.csv.
        4 |     params: { by: list, list: gone.csv }
          |                               ^^^^^^^^
      "
    `);
  });

  it('for a corpus that is not there', async () => {
    expect(await refused('corpus: gone\n')).toMatchInlineSnapshot(`
      "There is no corpus folder PROJECT/gone. Name one with --corpus DIR, or as \`corpus:\` in the pipeline's YAML.
      "
    `);
  });

  it('for mel bands above what the sampling rate holds', async () => {
    const yaml = 'stages:\n  decode: { params: { rate: 8000 } }\n';
    expect(await refused(yaml)).toMatchInlineSnapshot(`
      "pipeline.yaml:35:13: mel.fmax: clips at 8000 Hz hold nothing above 4000 Hz, and fmax is 8000.
        35 |       fmax: 8000 # Hz
           |             ^^^^
      "
    `);
  });

  it('for text that is no YAML', async () => {
    expect(await refused('stages: {\n')).toMatchInlineSnapshot(`
      "other.yaml:3:1: this is not valid YAML: Flow map in block collection must be sufficiently indented and end with a }.
        3 | 
          | ^
      "
    `);
  });

  it('for a file that is not there', async () => {
    expect(await refusal(project, ['pipeline', '--config', 'gone.yaml'])).toMatchInlineSnapshot(`
      "There is no configuration file PROJECT/gone.yaml.
      "
    `);
  });

  it('for a folder in the place of a file', async () => {
    expect(await refusal(project, ['pipeline', '--config', 'lib'])).toMatchInlineSnapshot(`
      "The configuration PROJECT/lib is not a file.
      "
    `);
  });
});

describe('--set is refused', () => {
  const set = (text: string): Promise<string> => refusal(project, ['pipeline', '--set', text]);

  it('for a lambda that is not a number', async () => {
    expect(await set('train.lambda=sharp')).toMatchInlineSnapshot(`
      "--set train.lambda=sharp: train.lambda is "sharp", but should be a number.
      "
    `);
  });

  it('for a lambda that is NaN', async () => {
    expect(await set('train.lambda=.nan')).toMatchInlineSnapshot(`
      "--set train.lambda=.nan: train.lambda is NaN, but should be a number.
      "
    `);
  });

  it('for no value', async () => {
    expect(await set('train.lambda=')).toMatchInlineSnapshot(`
      "--set train.lambda=: train.lambda is "", but should be a number.
      "
    `);
  });

  it('for an unknown stage', async () => {
    expect(await set('trian.lambda=1')).toMatchInlineSnapshot(`
      "--set trian.lambda=1: there is no stage trian; did you mean train?
      "
    `);
  });

  it('for an unknown parameter', async () => {
    expect(await set('train.lr=1')).toMatchInlineSnapshot(`
      "--set train.lr=1: train has no parameter lr; known: attention, channels, kernels, strides, pools, poolSize, poolStride, lambda, learningRate, batch, epochs, seed, shuffle, standardise, backend.
      "
    `);
  });

  it('for what is no setting', async () => {
    expect(await set('lambda')).toMatchInlineSnapshot(`
      "--set lambda: write --set stage.key=value, such as --set train.lambda=0.5.
      "
    `);
  });

  it('for lists that do not fit each other', async () => {
    expect(await set('train.channels=[5, 10]')).toMatchInlineSnapshot(`
      "--set train.channels=[5, 10]: train.channels: channels has 2 values, kernels 4 values and strides 4 values, but each needs one for every layer.
      "
    `);
  });
});
