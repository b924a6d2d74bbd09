/**
 * One weight for each position of a clip, and the positions' weighted sum (equations 2 to 4 of the
 * paper): e_i = u't_i, alpha_i = exp(lambda e_i) / sum_k exp(lambda e_k), c = sum_i alpha_i a_i.
 *
 * @param a clips x positions x channels
 * @param t the hidden layer, as many
 * @param u one number for each channel
 * @param alpha clips x positions, written
 * @param c clips x channels, written
 */
export function weighPositions(
  clips: i32,
  positions: i32,
  channels: i32,
  lambda: f64,
  a: usize,
  t: usize,
  u: usize,
  alpha: usize,
  c: usize,
): void {
  const row = channels << 2;
  for (let clip = 0; clip < clips; clip++) {
    let largest: f32 = -Infinity;
    for (let i = 0; i < positions; i++) {
      const e = dot(t + i * row, u, channels);
      store<f32>(alpha + (i << 2), e);
      largest = max(largest, e);
    }
    let sum: f64 = 0;
    for (let i = 0; i < positions; i++) {
      const difference = <f64>load<f32>(alpha + (i << 2)) - <f64>largest;
      const power = NativeMath.exp(lambda * difference);
      store<f32>(alpha + (i << 2), <f32>power);
      sum += power;
    }
    for (let i = 0; i < positions; i++) {
      const share = <f32>(<f64>load<f32>(alpha + (i << 2)) / sum);
      store<f32>(alpha + (i << 2), share);
    }
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      let total = f32x4.splat(0);
      for (let i = 0; i < positions; i++) {
        const weight = v128.load32_splat(alpha + (i << 2));
        total = f32x4.add(total, f32x4.mul(weight, v128.load(a + i * row + (channel << 2))));
      }
      v128.store(c + (channel << 2), total);
    }
    for (; channel < channels; channel++) {
      let total: f32 = 0;
      for (let i = 0; i < positions; i++) {
        total += load<f32>(alpha + (i << 2)) * load<f32>(a + i * row + (channel << 2));
      }
      store<f32>(c + (channel << 2), total);
    }
    a += positions * row;
    t += positions * row;
    alpha += positions << 2;
    c += row;
  }
}

/**
 * The gradients of weighPositions: by u (added), by t (written) and by a (written).
 *
 * @param byC clips x channels
 * @param slopes room for one number for each position
 */
export function weighPositionsGradient(
  clips: i32,
  positions: i32,
  channels: i32,
  lambda: f32,
  a: usize,
  t: usize,
  u: usize,
  alpha: usize,
  byC: usize,
  slopes: usize,
  byU: usize,
  byT: usize,
  byA: usize,
): void {
  const row = channels << 2;
  for (let clip = 0; clip < clips; clip++) {
    let mean: f32 = 0;
    for (let i = 0; i < positions; i++) {
      const slope = dot(a + i * row, byC, channels);
      store<f32>(slopes + (i << 2), slope);
      mean += load<f32>(alpha + (i << 2)) * slope;
    }
    for (let i = 0; i < positions; i++) {
      const weight = load<f32>(alpha + (i << 2));
      const byE = lambda * weight * (load<f32>(slopes + (i << 2)) - mean);
      const e = f32x4.splat(byE);
      const w = f32x4.splat(weight);
      let channel = 0;
      for (; channel + 4 <= channels; channel += 4) {
        const offset = channel << 2;
        const at = i * row + offset;
        v128.store(
          byU + offset,
          f32x4.add(v128.load(byU + offset), f32x4.mul(e, v128.load(t + at))),
        );
        v128.store(byT + at, f32x4.mul(e, v128.load(u + offset)));
        v128.store(byA + at, f32x4.mul(w, v128.load(byC + offset)));
      }
      for (; channel < channels; channel++) {
        const offset = channel << 2;
        const at = i * row + offset;
        store<f32>(byU + offset, load<f32>(byU + offset) + byE * load<f32>(t + at));
        store<f32>(byT + at, byE * load<f32>(u + offset));
        store<f32>(byA + at, weight * load<f32>(byC + offset));
      }
    }
    a += positions * row;
    t += positions * row;
    byA += positions * row;
    byT += positions * row;
    alpha += positions << 2;
    byC += row;
  }
}

function dot(a: usize, b: usize, count: i32): f32 {
  let sums = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    sums = f32x4.add(sums, f32x4.mul(v128.load(a + (i << 2)), v128.load(b + (i << 2))));
  }
  let sum =
    f32x4.extract_lane(sums, 0) +
    f32x4.extract_lane(sums, 1) +
    (f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3));
  for (; i < count; i++) sum += load<f32>(a + (i << 2)) * load<f32>(b + (i << 2));
  return sum;
}
