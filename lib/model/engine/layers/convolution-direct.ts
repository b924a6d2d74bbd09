import type { Plan } from '../plan.ts';
import { inFours, inputGradient } from './convolution-gradient.ts';
import {
  biasGradient,
  chunkOf,
  positionTable,
  RECTIFY,
  type Parts,
  type Products,
} from './convolution-parts.ts';

/** Each result as the sum that defines it. */
export function directly(plan: Plan, parts: Parts): Products {
  const { input, output, geometry, weights, bias } = parts;
  const { kernels, arena } = plan;
  const { kernel, strides, perClip } = geometry;
  const x = plan.valuesOf(input);
  const y = plan.valuesOf(output);
  const byY = plan.gradientOf(output);
  const { channels } = output.shape;
  const inputs = input.shape.channels;
  const length = kernel[1] * inputs;
  const table = inFours(plan, positionTable(geometry, x, y), channels);
  const weightTable = positionTable(geometry, x, byY).lay(plan);
  const w = plan.addressOf(weights);
  const addends = bias === null ? arena.words(channels + 12) : plan.addressOf(bias).value;
  const mode = output.rectified ? RECTIFY : 0;
  const run = output.shape.width;
  const chunk = chunkOf(run, inputs + channels);
  const byBias = biasGradient(plan, parts, () => weightTable);
  return {
    forward: (clips) => {
      kernels.convolve(
        table,
        0,
        0,
        clips * perClip,
        kernel[0],
        length,
        x.row,
        w.value,
        addends,
        channels,
        mode,
      );
    },
    byWeights: (clips) => {
      kernels.convolveWeights(
        weightTable,
        0,
        0,
        clips * perClip,
        run,
        strides[1] * x.column,
        byY.column,
        kernel[0],
        length,
        x.row,
        w.gradient,
        channels,
        chunk,
      );
      byBias(clips);
    },
    byInput: input.wanted ? inputGradient(plan, input, byY, geometry, weights) : null,
  };
}
