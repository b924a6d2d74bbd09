/**
 * Softmax and cross-entropy of a batch, summed over the clips: loss = -sum_c w_c q_c log p_c, where q
 * is 1 - smoothing at the true class plus smoothing / classes at each, and w the classes' weights.
 *
 * @param logits clips x classes
 * @param labels the true class of each clip, i32
 * @param classWeights one f32 for each class
 * @param probabilities clips x classes, written
 * @param predicted the likeliest class of each clip, the first of equals, i32, written
 * @param total the loss in nats, f64, written
 */
export function crossEntropy(
  clips: i32,
  classes: i32,
  logits: usize,
  labels: usize,
  classWeights: usize,
  smoothing: f64,
  probabilities: usize,
  predicted: usize,
  total: usize,
): void {
  let loss: f64 = 0;
  const everywhere = smoothing / <f64>classes;
  for (let clip = 0; clip < clips; clip++) {
    const label = load<i32>(labels + (clip << 2));
    let likeliest = 0;
    let largest = load<f32>(logits);
    for (let c = 1; c < classes; c++) {
      const logit = load<f32>(logits + (c << 2));
      if (logit > largest) {
        largest = logit;
        likeliest = c;
      }
    }
    store<i32>(predicted + (clip << 2), likeliest);
    let sum: f64 = 0;
    for (let c = 0; c < classes; c++) {
      sum += NativeMath.exp(<f64>load<f32>(logits + (c << 2)) - <f64>largest);
    }
    const logSum = NativeMath.log(sum);
    for (let c = 0; c < classes; c++) {
      const difference = <f64>load<f32>(logits + (c << 2)) - <f64>largest;
      const share = everywhere + (c == label ? 1 - smoothing : 0);
      loss += <f64>load<f32>(classWeights + (c << 2)) * share * (logSum - difference);
      store<f32>(probabilities + (c << 2), <f32>(NativeMath.exp(difference) / sum));
    }
    logits += classes << 2;
    probabilities += classes << 2;
  }
  store<f64>(total, loss);
}

/**
 * The gradient of crossEntropy by the logits, times `scale`.
 *
 * @param byLogits clips x classes, written
 */
export function crossEntropyGradient(
  clips: i32,
  classes: i32,
  labels: usize,
  classWeights: usize,
  smoothing: f32,
  scale: f32,
  probabilities: usize,
  byLogits: usize,
): void {
  const everywhere = smoothing / <f32>classes;
  for (let clip = 0; clip < clips; clip++) {
    const label = load<i32>(labels + (clip << 2));
    let total: f32 = 0;
    for (let c = 0; c < classes; c++) {
      const share = everywhere + (c == label ? <f32>1 - smoothing : <f32>0);
      total += load<f32>(classWeights + (c << 2)) * share;
    }
    for (let c = 0; c < classes; c++) {
      const share = everywhere + (c == label ? <f32>1 - smoothing : <f32>0);
      const mine = load<f32>(classWeights + (c << 2)) * share;
      const gradient = total * load<f32>(probabilities + (c << 2)) - mine;
      store<f32>(byLogits + (c << 2), scale * gradient);
    }
    probabilities += classes << 2;
    byLogits += classes << 2;
  }
}
