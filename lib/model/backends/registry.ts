/** Every backend that `train` may use: name -> module, a {@link Backend}. */
export const backends = {
  wasm: 'lib/model/backends/wasm.ts',
  'tfjs-wasm': 'lib/model/backends/tfjs-wasm.ts',
  tensorflow: 'lib/model/backends/tensorflow.ts',
  cpu: 'lib/model/backends/cpu.ts',
} as const;
