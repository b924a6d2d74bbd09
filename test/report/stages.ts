import type { ReportData } from '../../lib/report/data.ts';

/** The stages upstream of a report, as resolved. */
export function stages(by: string, withAuthors: boolean): ReportData['stages'] {
  const train = {
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
  };
  const names = withAuthors ? ['', '-authors'] : [''];
  return [
    {
      name: 'decode',
      use: 'decode',
      params: { corpus: 'c0ffee'.repeat(10), rate: 44100, offset: 0.5, duration: 3, short: 'drop' },
      needs: {},
    },
    {
      name: 'stft',
      use: 'stft',
      params: { window: 'hamming', size: 2048, hop: 512 },
      needs: { samples: ['decode'] },
    },
    {
      name: 'mel',
      use: 'mel',
      params: { bands: 128, fmin: 0, fmax: 8000 },
      needs: { spectra: ['stft'] },
    },
    {
      name: 'split',
      use: 'split',
      params: { folds: 5, by, seed: 1 },
      needs: { clips: ['decode'] },
    },
    ...names.map((suffix) => ({
      name: `train${suffix}`,
      use: 'train',
      params: { attention: suffix === '' ? 'equations' : 'authors', ...train },
      needs: { means: ['mel'], folds: ['split'] },
    })),
    { name: 'baselines', use: 'baselines', params: { c: 1 }, needs: { means: ['mel'] } },
    ...names.map((suffix) => ({
      name: `evaluate${suffix}`,
      use: 'evaluate',
      params: { draws: 2000, seed: 1, level: 0.95 },
      needs: { predictions: [`train${suffix}`] },
    })),
  ];
}
