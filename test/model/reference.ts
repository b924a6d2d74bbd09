import type { Architecture } from '../../lib/model/network.ts';
import type { Weight } from '../../lib/model/weights.ts';

/** Row-major numbers with their shape, in double precision. */
type Rows = number[][];

/**
 * The network's summed cross-entropy in plain double precision, written from the paper with no thought
 * of speed and no line shared with lib/model: finite differences are taken of it.
 *
 * @param values all weights, laid out as the store
 */
export function referenceLoss(
  attention: 'equations' | 'authors',
  weights: readonly Weight[],
  values: Float64Array,
  clips: Rows,
  labels: readonly number[],
  architecture: Architecture,
): number {
  const logits = referenceLogits(attention, weights, values, clips, architecture);
  return logits.reduce((loss, row, clip) => {
    const sum = row.reduce((total, logit) => total + Math.exp(logit), 0);
    return loss + Math.log(sum) - row[labels[clip]!]!;
  }, 0);
}

export function referenceLogits(
  attention: 'equations' | 'authors',
  weights: readonly Weight[],
  values: Float64Array,
  clips: Rows,
  architecture: Architecture,
): Rows {
  const at = weightReader(weights, values);
  const positions = clips.map((clip) => convolve(clip, at, architecture));
  return attention === 'equations'
    ? positions.map((a) => byEquations(a, at, architecture))
    : byAuthors(positions, at, architecture);
}

type At = (name: string, ...index: number[]) => number;

function weightReader(weights: readonly Weight[], values: Float64Array): At {
  const places = new Map<string, { offset: number; shape: readonly number[] }>();
  let offset = 0;
  for (const { name, shape, values: own } of weights) {
    places.set(name, { offset, shape });
    offset += own.length;
  }
  return (name, ...index) => {
    const place = places.get(name)!;
    const inside = index.reduce((sum, i, axis) => sum * place.shape[axis]! + i, 0);
    return values[place.offset + inside]!;
  };
}

/** positions x channels of one clip. */
function convolve(clip: readonly number[], at: At, architecture: Architecture): Rows {
  let x: Rows = clip.map((value) => [value]);
  architecture.channels.forEach((channels, index) => {
    const layer = `convolution-${String(index + 1)}`;
    const span = architecture.kernels[index]!;
    x = windows(x, span, architecture.strides[index]!).map((window) =>
      count(channels).map((out) => {
        let sum = at(`${layer}/b`, out);
        window.forEach((row, k) =>
          row.forEach((value, c) => (sum += value * at(`${layer}/W`, k, c, out))),
        );
        return Math.max(sum, 0);
      }),
    );
    if (architecture.pools.includes(index + 1)) {
      x = windows(x, architecture.poolSize, architecture.poolStride).map((window) =>
        count(channels).map((c) => Math.max(...window.map((row) => row[c]!))),
      );
    }
  });
  return x;
}

function byEquations(a: Rows, at: At, { lambda, classes }: Architecture): number[] {
  const channels = a[0]!.length;
  const weight = a.map((position) => {
    const e = count(channels).reduce((sum, out) => {
      const inside = position.reduce(
        (total, value, c) => total + value * at('attention/W', c, out),
        at('attention/b', out),
      );
      return sum + at('attention/u', out, 0) * Math.tanh(inside);
    }, 0);
    return Math.exp(lambda * e);
  });
  const total = weight.reduce((sum, w) => sum + w, 0);
  const attended = count(channels).map((c) =>
    a.reduce((sum, row, i) => sum + (weight[i]! / total) * row[c]!, 0),
  );
  return count(classes).map((k) =>
    attended.reduce((sum, value, c) => sum + value * at('classes/W', c, k), at('classes/b', k)),
  );
}

function byAuthors(positions: readonly Rows[], at: At, { lambda, classes }: Architecture): Rows {
  const h = positions.map((a) =>
    count(classes).map((k) =>
      Math.tanh(
        a.flat().reduce((sum, value, i) => sum + value * at('dense/W', i, k), at('dense/b', k)),
      ),
    ),
  );
  const weight = h.map((row, place) =>
    count(classes).map((i) =>
      row.map((value) => Math.exp(lambda * at('attention/u', place, i, 0) * value)),
    ),
  );
  const total = weight.flat(2).reduce((sum, w) => sum + w, 0);
  return h.map((row, clip) =>
    row.map((value, j) =>
      count(classes).reduce((sum, i) => sum + (weight[clip]![i]![j]! / total) * value, 0),
    ),
  );
}

function windows(x: Rows, span: number, stride: number): Rows[] {
  return count(Math.floor((x.length - span) / stride) + 1).map((p) =>
    x.slice(p * stride, p * stride + span),
  );
}

function count(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
