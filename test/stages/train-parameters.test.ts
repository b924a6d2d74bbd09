import { describe, expect, test } from 'vitest';
import type { UpstreamStage } from '../../lib/pipeline/stage.ts';
import { check, parameters, resolve } from '../../stages/train.ts';

describe('the parameters of train', () => {
  test("are the paper's, with its equations and standardised inputs", () => {
    expect(parameters().parse({})).toEqual({
      attention: 'equations',
      channels: [5, 10, 20, 30],
      kernels: [11, 5, 3, 3],
      strides: [4, 1, 1, 1],
      pools: [1, 2, 4],
      poolSize: 3,
      poolStride: 2,
      lambda: 0.8,
      learningRate: 0.001,
      batch: 51,
      epochs: 200,
      seed: 1,
      shuffle: true,
      standardise: 'train-fold',
      backend: 'wasm',
    });
  });

  test.each([
    [{ channels: [5, 10, 20] }, ['channels']],
    [{ kernels: [11, 5] }, ['kernels']],
    [{ strides: [4] }, ['strides']],
    [{ pools: [1, 9] }, ['pools', 1]],
    [{ channels: [5, 10, 20, 0] }, ['channels', 3]],
    [{ channels: [] }, ['channels']],
    [{ lambda: 'high' }, ['lambda']],
    [{ lambda: -0.1 }, ['lambda']],
    [{ lambda: Number.NaN }, ['lambda']],
    [{ lambda: Number.POSITIVE_INFINITY }, ['lambda']],
    [{ epochs: 0 }, ['epochs']],
    [{ epochs: 1.5 }, ['epochs']],
    [{ batch: 0 }, ['batch']],
    [{ learningRate: 0 }, ['learningRate']],
    [{ attention: 'none' }, ['attention']],
    [{ backend: 'webgl' }, ['backend']],
  ])('are refused at the key that is wrong: %j', (params, at) => {
    const { error } = parameters().safeParse(params);
    expect(error?.issues[0]?.path).toEqual(at);
  });

  test('are each described', () => {
    for (const [name, schema] of Object.entries(parameters().shape)) {
      expect(schema.description, name).toBeTruthy();
    }
  });

  test('settle the backend before anything runs', async () => {
    expect(await resolve(parameters().parse({}), () => undefined)).toEqual({});
    const said: string[] = [];
    const settled = await resolve(parameters().parse({ backend: 'auto' }), (line) =>
      said.push(line),
    );
    expect(['wasm', 'tensorflow']).toContain(settled['backend']);
    expect(said).toEqual([expect.stringMatching(/^backend auto: (wasm|tensorflow), since /)]);
  });
});

describe('a network that leaves no position is refused before anything runs', () => {
  const upstream = (decode: object, stft: object): UpstreamStage[] => [
    { name: 'decode', use: 'decode', params: { rate: 44100, duration: 3, ...decode }, needs: {} },
    {
      name: 'stft',
      use: 'stft',
      params: { size: 2048, hop: 512, centre: true, ...stft },
      needs: {},
    },
  ];
  const defaults = parameters().parse({});

  test('but not the paper’s', () => {
    expect(check(defaults, upstream({}, {}))).toEqual([]);
    expect(check(defaults, upstream({}, { centre: false }))).toEqual([]);
  });

  test.each([
    [
      { duration: 1 },
      {},
      'kernels',
      'layer 3 leaves no position: its kernel spans 3, and the layer before it leaves 2. A clip has 87 frames, by decode.duration, decode.rate and stft.hop.',
    ],
    [
      {},
      { hop: 40000 },
      'kernels',
      'layer 1 leaves no position: its kernel spans 11, and a clip has 4 frames. A clip has 4 frames, by decode.duration, decode.rate and stft.hop.',
    ],
    [
      {},
      { hop: 882 },
      'pools',
      'the pool after layer 4 leaves no position: it spans 3, and the layer leaves 2. A clip has 151 frames, by decode.duration, decode.rate and stft.hop.',
    ],
  ])('%j %j', (decode, stft, parameter, message) => {
    expect(check(defaults, upstream(decode, stft))).toEqual([{ parameter, message }]);
  });
});
