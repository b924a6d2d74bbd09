import { writeClips } from '../../../lib/artifacts/clips.ts';
import { writeHistory } from '../../../lib/artifacts/history.ts';
import { writeModel } from '../../../lib/artifacts/model.ts';
import { classes, type PlannedClip } from './made-up.ts';

export function writeNetwork(path: string, fold: number): Promise<void> {
  const facts = {
    classes: [...classes],
    fold,
    frames: 259,
    attention: 'equations',
    channels: [5, 10],
    kernels: [11, 5],
    strides: [4, 1],
    pools: [1, 2],
    poolSize: 3,
    poolStride: 2,
    lambda: 0.8,
    batch: 10,
    standardise: { mean: 0, deviation: 1 },
    backend: 'wasm',
  };
  return writeModel(path, facts, [
    { name: 'conv1', shape: Int32Array.of(2, 3), values: new Float32Array(6) },
    { name: 'bias1', shape: Int32Array.of(4), values: new Float32Array(4) },
  ]);
}

export function writeEpochs(path: string, fold: number): Promise<void> {
  const scores = { loss: 1, trainAccuracy: 0.5, testAccuracy: 0.5, testUar: 0.5 };
  return writeHistory(path, { fold, backend: 'wasm' }, [
    { epoch: 1, ...scores },
    { epoch: 2, ...scores },
  ]);
}

export function writeCorpus(
  path: string,
  clips: readonly PlannedClip[],
  synthetic: boolean,
): Promise<void> {
  const corpus = {
    name: 'Made up',
    layout: 'ravdess',
    synthetic,
    licence: 'CC0-1.0',
    citation: 'Nobody, 2026',
  };
  return writeClips(
    path,
    { corpus, classes: [...classes], rateHz: 44100, samples: 132300 },
    clips.map(({ clip, speaker, truth }) => ({
      clip,
      file: `${clip}.flac`,
      speaker,
      sex: 'unknown' as const,
      emotion: classes[truth]!,
      intensity: '',
      statement: '',
      repetition: 0,
      durationSeconds: 3.5,
      rateHz: 48000,
      channels: 1,
      lossy: false,
      fate: 'kept' as const,
      reason: '',
      label: truth,
    })),
  );
}
