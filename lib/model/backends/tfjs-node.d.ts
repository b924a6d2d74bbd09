/**
 * An optional package, 300 MB with its native library: where it is not installed there are no types
 * to read. Only the import's effect is used, which registers the backend.
 */
declare module '@tensorflow/tfjs-node' {
  export {};
}
