/**
 * Log-mel spectrograms, eight frames side by side: each number has a lane of its own, so it comes from
 * the same operations in the same order as if it stood alone.
 */
const FRAMES: usize = 8;

/**
 * Frames one behind the other become frames side by side.
 *
 * @param rows the first bin of the first of 8, float32
 * @param stride bytes from one to the next
 * @param bins an even number
 * @param columns bins x 8, float64; written
 */
export function layFramesAbreast(rows: usize, stride: usize, bins: i32, columns: usize): void {
  const rowBytes = <usize>bins << 2;
  for (let pair: usize = 0; pair < FRAMES / 2; pair += 1) {
    const first = rows + 2 * pair * stride;
    const second = first + stride;
    let to = columns + (pair << 4);
    for (let at: usize = 0; at < rowBytes; at += 8) {
      const a = f64x2.promote_low_f32x4(v128.load_zero<f64>(first + at));
      const b = f64x2.promote_low_f32x4(v128.load_zero<f64>(second + at));
      v128.store(to, v128.shuffle<f64>(a, b, 0, 2));
      v128.store(to, v128.shuffle<f64>(a, b, 1, 3), FRAMES * 8);
      to += FRAMES * 16;
    }
  }
}

/**
 * What each band hears, at least `amin`.
 *
 * @param columns bins x 8 powers, float64
 * @param spans for each band its first bin and how many it has, uint32
 * @param weights of these bins, band after band, float64
 * @param heard bands x 8, float64; written
 */
export function sumBands(
  columns: usize,
  spans: usize,
  weights: usize,
  bands: i32,
  amin: f64,
  heard: usize,
): void {
  const least = f64x2.splat(amin);
  for (const end = spans + (<usize>bands << 3); spans < end; spans += 8) {
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    let sum2 = f64x2.splat(0);
    let sum3 = f64x2.splat(0);
    let from = columns + <usize>load<u32>(spans) * FRAMES * 8;
    const last = from + <usize>load<u32>(spans, 4) * FRAMES * 8;
    for (; from < last; from += FRAMES * 8) {
      const weight = v128.load_splat<f64>(weights);
      sum0 = f64x2.add(sum0, f64x2.mul(weight, v128.load(from)));
      sum1 = f64x2.add(sum1, f64x2.mul(weight, v128.load(from, 16)));
      sum2 = f64x2.add(sum2, f64x2.mul(weight, v128.load(from, 32)));
      sum3 = f64x2.add(sum3, f64x2.mul(weight, v128.load(from, 48)));
      weights += 8;
    }
    v128.store(heard, f64x2.max(least, sum0));
    v128.store(heard, f64x2.max(least, sum1), 16);
    v128.store(heard, f64x2.max(least, sum2), 32);
    v128.store(heard, f64x2.max(least, sum3), 48);
    heard += FRAMES * 8;
  }
}

/**
 * log10 of lib/math/log.ts, where its source and its constants are told: the same operations in the same
 * order, for numbers above zero, infinity and NaN.
 *
 * @param values float64; overwritten
 * @param count a multiple of 4: two pairs at once use the machine better
 */
export function log10(values: usize, count: i32): void {
  for (const end = values + (<usize>count << 3); values < end; values += 32) {
    const first = log10OfTwo(v128.load(values));
    const second = log10OfTwo(v128.load(values, 16));
    v128.store(values, first);
    v128.store(values, second, 16);
  }
}

@inline
function log10OfTwo(x: v128): v128 {
  const subnormal = f64x2.lt(x, f64x2.splat(2.2250738585072014e-308));
  const normal = v128.bitselect(f64x2.mul(x, f64x2.splat(18014398509481984)), x, subnormal);
  // x = 2^k (1 + f), sqrt(2)/2 < 1 + f < sqrt(2)
  const bits = i64x2.add(normal, i64x2.splat(0x95f62 << 32));
  const fraction = v128.and(bits, i64x2.splat(0xfffff_ffffffff));
  const f = f64x2.sub(i64x2.add(fraction, i64x2.splat(0x3fe6a09e << 32)), f64x2.splat(1));
  // The exponent as the last bits of 2^52 + exponent, which makes a float64 of it.
  const exponent = v128.or(i64x2.shr_u(bits, 52), i64x2.splat(0x43300000 << 32));
  const k = f64x2.sub(
    f64x2.sub(exponent, f64x2.splat(4503599627370496 + 0x3ff)),
    v128.and(subnormal, f64x2.splat(54)),
  );
  const halfSquare = f64x2.mul(f64x2.mul(f64x2.splat(0.5), f), f);
  const high = v128.and(f64x2.sub(f, halfSquare), i64x2.splat(0xffffffff << 32));
  const low = f64x2.add(f64x2.sub(f64x2.sub(f, high), halfSquare), series(f, halfSquare));
  const large = f64x2.mul(high, f64x2.splat(4.34294481878168880939e-1));
  const small = f64x2.add(
    f64x2.add(
      f64x2.mul(k, f64x2.splat(3.69423907715893078616e-13)),
      f64x2.mul(f64x2.add(low, high), f64x2.splat(2.50829467116452752298e-11)),
    ),
    f64x2.mul(low, f64x2.splat(4.34294481878168880939e-1)),
  );
  const ofTwo = f64x2.mul(k, f64x2.splat(3.01029995663611771306e-1));
  const sum = f64x2.add(ofTwo, large);
  const result = f64x2.add(f64x2.add(small, f64x2.add(f64x2.sub(ofTwo, sum), large)), sum);
  return v128.bitselect(result, x, f64x2.lt(x, f64x2.splat(Infinity)));
}

/** What ln(1 + f) has beyond f - f^2/2. */
@inline
function series(f: v128, halfSquare: v128): v128 {
  const s = f64x2.div(f, f64x2.add(f64x2.splat(2), f));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const odd = f64x2.mul(
    w,
    plus(
      3.999999999940941908e-1,
      f64x2.mul(w, plus(2.222219843214978396e-1, times(w, 1.531383769920937332e-1))),
    ),
  );
  const even = f64x2.mul(
    z,
    plus(
      6.66666666666673513e-1,
      f64x2.mul(
        w,
        plus(
          2.857142874366239149e-1,
          f64x2.mul(w, plus(1.818357216161805012e-1, times(w, 1.479819860511658591e-1))),
        ),
      ),
    ),
  );
  return f64x2.mul(s, f64x2.add(halfSquare, f64x2.add(even, odd)));
}

@inline
function plus(a: f64, b: v128): v128 {
  return f64x2.add(f64x2.splat(a), b);
}

@inline
function times(a: v128, b: f64): v128 {
  return f64x2.mul(a, f64x2.splat(b));
}

/**
 * Frames side by side become frames one behind the other.
 *
 * @param logs bands x 8, float64
 * @param db 8 x bands, float32: ten times as much; written
 */
export function layFramesInLine(logs: usize, bands: i32, db: usize): void {
  const rowBytes = <usize>bands << 2;
  const ten = f64x2.splat(10);
  for (let pair: usize = 0; pair < FRAMES / 2; pair += 1) {
    let from = logs + (pair << 4);
    const first = db + 2 * pair * rowBytes;
    const second = first + rowBytes;
    for (let at: usize = 0; at < rowBytes; at += 4) {
      const levels = f32x4.demote_f64x2_zero(f64x2.mul(ten, v128.load(from)));
      v128.store_lane<f32>(first + at, levels, 0);
      v128.store_lane<f32>(second + at, levels, 1);
      from += FRAMES * 8;
    }
  }
}

/**
 * Cuts levels off below the loudest - floorDb. A level that is NaN stays so, always with the same bits.
 *
 * @param db float32; overwritten
 * @param count a multiple of 4
 */
export function floorLevels(db: usize, count: i32, floorDb: f64): void {
  const end = db + (<usize>count << 2);
  let four = f32x4.splat(-Infinity);
  for (let at = db; at < end; at += 16) four = f32x4.pmax(four, v128.load(at));
  const two = f32x4.pmax(four, v128.shuffle<f32>(four, four, 2, 3, 0, 1));
  const loudest = f32x4.pmax(two, v128.shuffle<f32>(two, two, 1, 0, 3, 2));
  const floor = f32x4.splat(<f32>(<f64>f32x4.extract_lane(loudest, 0) - floorDb));
  const nan = f32x4.splat(NaN);
  for (let at = db; at < end; at += 16) {
    const level = f32x4.max(v128.load(at), floor);
    v128.store(at, v128.bitselect(level, nan, f32x4.eq(level, level)));
  }
}

/**
 * The mean of each frame, summed in float32 band after band, four sums beside each other.
 *
 * @param db frames x bands, float32
 * @param frames a multiple of 4
 * @param means of the frames, float32; written
 */
export function averageBands(db: usize, frames: i32, bands: i32, means: usize): void {
  const rowBytes = <usize>bands << 2;
  for (const end = means + (<usize>frames << 2); means < end; means += 16) {
    let sum0: f32 = 0;
    let sum1: f32 = 0;
    let sum2: f32 = 0;
    let sum3: f32 = 0;
    for (const last = db + rowBytes; db < last; db += 4) {
      sum0 += load<f32>(db);
      sum1 += load<f32>(db + rowBytes);
      sum2 += load<f32>(db + 2 * rowBytes);
      sum3 += load<f32>(db + 3 * rowBytes);
    }
    store<f32>(means, <f32>(<f64>sum0 / <f64>bands));
    store<f32>(means, <f32>(<f64>sum1 / <f64>bands), 4);
    store<f32>(means, <f32>(<f64>sum2 / <f64>bands), 8);
    store<f32>(means, <f32>(<f64>sum3 / <f64>bands), 12);
    db += 3 * rowBytes;
  }
}
