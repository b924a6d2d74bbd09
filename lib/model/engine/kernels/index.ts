// Everything that the module exports. WebAssembly fixes every bit of it: no relaxed SIMD, no fused
// multiply-add, and exp and log are AssemblyScript's own (NativeMath, plain arithmetic), never JSMath.
export { adam } from './adam';
export { weighPositions, weighPositionsGradient } from './attention';
export { weighClasses, weighClassesGradient } from './authors';
export { normalise, normaliseGradient, sumGradients, sumRows } from './batch-normalisation';
export { layClips } from './clip-table';
export { convolve } from './convolution';
export { convolveWeights, sumChannels } from './convolution-weights';
export { copy } from './copy';
export { multiply } from './dropout';
export { gather } from './gather';
export { crossEntropy, crossEntropyGradient } from './loss';
export { maxPool, maxPoolGradient } from './pooling';
export { peak } from './peak';
export { clear, run } from './program';
export { rectifierGradient } from './rectifier';
export { tanh, tanhGradient } from './tanh';
export { tileGradients, tileResults, tileValues, tileWeightGradients, tileWeights } from './tiles';
