/** Every stage that a pipeline may use: name -> file. A new stage is one new file and one line here. */
export const stages = {
  decode: 'stages/decode.ts',
  stft: 'stages/stft.ts',
  mel: 'stages/mel.ts',
  split: 'stages/split.ts',
  'inner-folds': 'stages/inner-folds.ts',
  train: 'stages/train.ts',
  baselines: 'stages/baselines.ts',
  evaluate: 'stages/evaluate.ts',
  report: 'stages/report.ts',
  compare: 'stages/compare.ts',
} as const;
