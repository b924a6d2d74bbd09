import type { Attention } from '../../../lib/model/attention/attention.ts';
import { planNetwork } from '../../../lib/model/engine/network.ts';
import type { Architecture } from '../../../lib/model/network.ts';
import type { Clips } from '../../../lib/model/trainer.ts';
import type { WeightStore } from '../../../lib/model/weights.ts';

/** The loss of a batch on the project's own engine, and its gradient laid out as the store. */
export function engineGradients(
  { flat, weights }: WeightStore,
  { values, labels }: Clips,
  architecture: Architecture,
  attention: Attention,
): { readonly scored: { readonly loss: number }; readonly gradient: Float32Array } {
  const { plan, entrance, loss } = planNetwork(architecture, attention);
  plan.load(weights);
  labels.forEach((_, clip) => {
    entrance.put(clip, values.subarray(clip * entrance.size, (clip + 1) * entrance.size));
  });
  loss.setLabels(labels);
  plan.forward(labels.length, true);
  plan.backward(labels.length);
  const gradient = new Float32Array(flat.length);
  let offset = 0;
  for (const weight of plan.saveGradient()) {
    gradient.set(weight.values, offset);
    offset += weight.values.length;
  }
  return { scored: { loss: loss.value() }, gradient };
}
