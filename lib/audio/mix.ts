/**
 * Mono: the mean of the channels, summed in their order and divided in float32, as librosa.to_mono
 * (numpy's mean over the channels of a float32 array) does.
 *
 * @param interleaved samples x channels, the channels of one moment beside each other.
 * @returns one value a moment; the array itself where there is one channel.
 * @throws RangeError when the length is no multiple of the channels.
 */
export function mixToMono(interleaved: Float32Array, channels: number): Float32Array {
  if (!Number.isInteger(channels) || channels < 1 || interleaved.length % channels !== 0) {
    throw new RangeError(`${interleaved.length} values cannot be of ${channels} channels`);
  }
  if (channels === 1) return interleaved;
  const mono = new Float32Array(interleaved.length / channels);
  for (let i = 0; i < mono.length; i += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum = Math.fround(sum + interleaved[i * channels + channel]!);
    }
    mono[i] = sum / channels;
  }
  return mono;
}
