// @ts-check

/**
 * What the sample's script does to a synthesised voice. Samples are numbers in [-1, 1], mono.
 * @typedef {import('./random.mjs').Random} Random
 */

/**
 * Samples of a WAV file of 16 bits, mono. eSpeak NG writes it to a pipe, so the header's lengths are no use.
 * @param {Buffer} wav
 */
export function readWav(wav) {
  const rateHz = wav.readUInt32LE(24);
  const start = wav.indexOf('data', 12, 'latin1') + 8;
  const samples = new Float64Array(Math.floor((wav.length - start) / 2));
  for (let i = 0; i < samples.length; i += 1) samples[i] = wav.readInt16LE(start + 2 * i) / 32_768;
  return { rateHz, samples };
}

/**
 * Band-limited interpolation (a sinc of 16 zero crossings under a Hann window).
 * @param {Float64Array} samples @param {number} fromHz @param {number} toHz
 */
export function resample(samples, fromHz, toHz) {
  const scale = Math.min(1, toHz / fromHz) * 0.95;
  const reach = 16 / scale;
  const result = new Float64Array(Math.floor((samples.length * toHz) / fromHz));
  for (let i = 0; i < result.length; i += 1) {
    const centre = (i * fromHz) / toHz;
    let sum = 0;
    for (let k = Math.ceil(centre - reach); k <= centre + reach; k += 1) {
      const window = 0.5 + 0.5 * Math.cos((Math.PI * (k - centre)) / reach);
      sum += (samples[k] ?? 0) * window * sinc(scale * (k - centre));
    }
    result[i] = scale * sum;
  }
  return result;
}

/** @param {number} x */
function sinc(x) {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Without what lies before the first and after the last sample above a hundredth of the peak. @param {Float64Array} samples */
export function trim(samples) {
  const threshold = peak(samples) / 100;
  const first = samples.findIndex((x) => Math.abs(x) > threshold);
  const last = samples.findLastIndex((x) => Math.abs(x) > threshold);
  return samples.slice(first, last + 1);
}

/**
 * A shelf: frequencies well above `pivotHz` are raised by so many decibels, those well below are left.
 * @param {Float64Array} samples @param {number} decibels @param {number} pivotHz @param {number} rateHz
 */
export function shelf(samples, decibels, pivotHz, rateHz) {
  const gain = 10 ** (decibels / 20);
  let low = 0;
  const weight = onePole(pivotHz, rateHz);
  return samples.map((x) => {
    low += weight * (x - low);
    return low + gain * (x - low);
  });
}

/**
 * Adds breath: noise above about 1.5 kHz that follows the loudness of the voice.
 * @param {Float64Array} samples @param {number} share of the voice's amplitude
 * @param {number} rateHz @param {Random} random
 */
export function breathe(samples, share, rateHz, random) {
  const envelopeWeight = onePole(15, rateHz);
  const noiseWeight = onePole(1500, rateHz);
  let envelope = 0;
  let low = 0;
  return samples.map((x) => {
    envelope += envelopeWeight * (Math.abs(x) - envelope);
    const noise = random.normal();
    low += noiseWeight * (noise - low);
    return x + 1.5 * share * envelope * (noise - low);
  });
}

/** To a root mean square in decibels below full scale, but never beyond 0.9. @param {Float64Array} samples @param {number} decibels */
export function setLevel(samples, decibels) {
  const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  const gain = Math.min(10 ** (decibels / 20) / Math.sqrt(power), 0.9 / peak(samples));
  return samples.map((x) => gain * x);
}

/** @param {Float64Array} samples */
function peak(samples) {
  return samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** The weight of a one-pole low-pass. @param {number} cutHz @param {number} rateHz */
function onePole(cutHz, rateHz) {
  return 1 - Math.exp((-2 * Math.PI * cutHz) / rateHz);
}
