/**
 * One step of Adam (Kingma and Ba, 2015, algorithm 1), or of AdamW (Loshchilov and Hutter, 2019) where
 * `decay` is above zero.
 *
 * @param count floats, rounded up to fours
 * @param restOfBeta1 1 - beta1, rounded from float64: taken here it would be wrong by 1e-5 for beta2
 * @param rate the learning rate over the mean's bias correction, 1 - beta1^t
 * @param squareCorrection 1 / (1 - beta2^t)
 * @param decay the learning rate times the weight decay
 */
export function adam(
  count: i32,
  values: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  beta1: f32,
  beta2: f32,
  restOfBeta1: f32,
  restOfBeta2: f32,
  rate: f32,
  squareCorrection: f32,
  epsilon: f32,
  decay: f32,
): void {
  const keepMean = f32x4.splat(beta1);
  const keepSquare = f32x4.splat(beta2);
  const takeMean = f32x4.splat(restOfBeta1);
  const takeSquare = f32x4.splat(restOfBeta2);
  const kept = f32x4.splat(1 - decay);
  for (let i = 0; i < count; i += 4) {
    const at: usize = i << 2;
    const g = v128.load(gradient + at);
    const m = f32x4.add(f32x4.mul(keepMean, v128.load(mean + at)), f32x4.mul(takeMean, g));
    const v = f32x4.add(
      f32x4.mul(keepSquare, v128.load(square + at)),
      f32x4.mul(f32x4.mul(takeSquare, g), g),
    );
    v128.store(mean + at, m);
    v128.store(square + at, v);
    const deviation = f32x4.add(
      f32x4.sqrt(f32x4.mul(v, f32x4.splat(squareCorrection))),
      f32x4.splat(epsilon),
    );
    const change = f32x4.div(f32x4.mul(f32x4.splat(rate), m), deviation);
    v128.store(values + at, f32x4.sub(f32x4.mul(v128.load(values + at), kept), change));
  }
}
