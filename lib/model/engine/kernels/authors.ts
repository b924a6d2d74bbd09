import { column } from './inline';

/**
 * What the authors' code did under the name of attention: e_ij = u_i h_j for each clip, weights
 * exp(lambda e_ij) over the sum of those of the whole batch, and logits sum_i alpha_ij h_j.
 *
 * @param h clips x classes
 * @param u one row of `classes` numbers for each place in the batch
 * @param alpha clips x classes x classes, written
 * @param logits clips x classes, written
 */
export function weighClasses(
  clips: i32,
  classes: i32,
  lambda: f64,
  h: usize,
  u: usize,
  alpha: usize,
  logits: usize,
): void {
  let largest: f32 = -Infinity;
  let at = alpha;
  for (let clip = 0; clip < clips; clip++) {
    for (let i = 0; i < classes; i++) {
      for (let j = 0; j < classes; j++) {
        const e =
          load<f32>(u + ((clip * classes + i) << 2)) * load<f32>(h + ((clip * classes + j) << 2));
        store<f32>(at, e);
        largest = max(largest, e);
        at += 4;
      }
    }
  }
  const end = at;
  let sum: f64 = 0;
  for (at = alpha; at < end; at += 4) {
    const power = NativeMath.exp(lambda * (<f64>load<f32>(at) - <f64>largest));
    store<f32>(at, <f32>power);
    sum += power;
  }
  for (at = alpha; at < end; at += 4) store<f32>(at, <f32>(<f64>load<f32>(at) / sum));
  for (let clip = 0; clip < clips; clip++) {
    for (let j = 0; j < classes; j++) {
      const place: usize = (clip * classes + j) << 2;
      store<f32>(logits + place, column(alpha, clip, classes, j) * load<f32>(h + place));
    }
  }
}

/**
 * The gradients of weighClasses: by u (added) and by h (written).
 *
 * @param byLogits clips x classes
 */
export function weighClassesGradient(
  clips: i32,
  classes: i32,
  lambda: f32,
  h: usize,
  u: usize,
  alpha: usize,
  byLogits: usize,
  byU: usize,
  byH: usize,
): void {
  let mean: f64 = 0;
  for (let clip = 0; clip < clips; clip++) {
    for (let j = 0; j < classes; j++) {
      const place: usize = (clip * classes + j) << 2;
      const slope = load<f32>(byLogits + place) * load<f32>(h + place);
      mean += <f64>column(alpha, clip, classes, j) * <f64>slope;
    }
  }
  for (let clip = 0; clip < clips; clip++) {
    for (let j = 0; j < classes; j++) {
      const place: usize = (clip * classes + j) << 2;
      const value = load<f32>(h + place);
      const byLogit = load<f32>(byLogits + place);
      const slope = <f32>(<f64>(byLogit * value) - mean);
      let byValue: f32 = byLogit * column(alpha, clip, classes, j);
      for (let i = 0; i < classes; i++) {
        const row: usize = (clip * classes + i) << 2;
        const byE = lambda * load<f32>(alpha + (((clip * classes + i) * classes + j) << 2)) * slope;
        store<f32>(byU + row, load<f32>(byU + row) + byE * value);
        byValue += byE * load<f32>(u + row);
      }
      store<f32>(byH + place, byValue);
    }
  }
}
