/**
 * Outputs one after the other, each with weights of its own.
 *
 * @param sample the last one that is not behind the first output, float32; at either side of what the
 *   outputs stand among there are `taps` more, zeros where there are none
 * @param part how far the first output stands behind it, in parts of which `phases` lead to the next one
 * @param phases see above
 * @param period the parts from one output to the next
 * @param filter see weigh
 * @param taps see weigh
 * @param step see weigh
 * @param weights room for 2 x `taps` of float32
 * @param resampled float32, written
 * @param made how many
 */
export function interpolateEach(
  sample: usize,
  part: i32,
  phases: i32,
  period: i32,
  filter: usize,
  taps: usize,
  step: f64,
  weights: usize,
  resampled: usize,
  made: usize,
): void {
  for (const end = resampled + (made << 2); resampled < end; resampled += 4) {
    weigh(filter, taps, step, <f64>part / <f64>phases, weights);
    store<f32>(resampled, sumUp(weights, taps, sample));
    part += period;
    sample += <usize>(part / phases) << 2;
    part %= phases;
  }
}

/**
 * The weights of the samples around an output, out of a table with linear interpolation between its
 * entries: computed in float64, rounded once.
 *
 * @param filter for each entry its value and the step to the next one, float64; zeros where a wing has
 *   ended
 * @param taps of a wing
 * @param step from one sample to the next, in entries; the table is walked through in whole ones
 * @param part how far the output stands behind sample n, 0 to 1 (sample n + 1)
 * @param weights float32, written: `taps` of the left wing, then those of the right one
 */
export function weigh(filter: usize, taps: usize, step: f64, part: f64, weights: usize): void {
  const left = step * part;
  weighWing(filter, taps, <usize>step, left, weights);
  weighWing(filter, taps, <usize>step, step - left, weights + (taps << 2));
}

@inline
function weighWing(filter: usize, taps: usize, step: usize, at: f64, weights: usize): void {
  const eta = at - Math.floor(at);
  let entry = filter + (<usize>at << 4);
  for (const end = weights + (taps << 2); weights < end; weights += 4) {
    store<f32>(weights, <f32>(load<f64>(entry) + eta * load<f64>(entry, 8)));
    entry += step << 4;
  }
}

/** An output behind a sample: products and sum in float32. */
@inline
function sumUp(weights: usize, taps: usize, sample: usize): f32 {
  let sum: f32 = 0;
  // The left wing, from sample n backwards.
  let x = sample;
  let end = weights + (taps << 2);
  for (; weights < end; weights += 4) {
    sum += load<f32>(weights) * load<f32>(x);
    x -= 4;
  }
  // The right wing, from sample n + 1 onwards.
  x = sample + 4;
  end += taps << 2;
  for (; weights < end; weights += 4) {
    sum += load<f32>(weights) * load<f32>(x);
    x += 4;
  }
  return sum;
}
