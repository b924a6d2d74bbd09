/** What the WebAssembly module exports; the arguments are described in kernels/*.ts. */
export interface Kernels {
  readonly convolve: (
    table: number,
    inputs: number,
    outputs: number,
    positions: number,
    segments: number,
    length: number,
    step: number,
    weights: number,
    bias: number,
    channels: number,
    mode: number,
  ) => void;
  readonly convolveWeights: (
    table: number,
    inputs: number,
    outputs: number,
    positions: number,
    run: number,
    inputStep: number,
    outputStep: number,
    segments: number,
    length: number,
    step: number,
    gradient: number,
    channels: number,
    chunk: number,
  ) => void;
  readonly tileValues: (
    from: number,
    row: number,
    column: number,
    rows: number,
    columns: number,
    channels: number,
    to: number,
    plane: number,
  ) => void;
  readonly tileResults: (
    from: number,
    plane: number,
    rows: number,
    columns: number,
    channels: number,
    to: number,
    row: number,
    column: number,
    height: number,
    width: number,
    bias: number,
    mode: number,
  ) => void;
  readonly tileGradients: (
    from: number,
    row: number,
    column: number,
    rows: number,
    columns: number,
    channels: number,
    to: number,
    plane: number,
  ) => void;
  readonly tileWeights: (
    from: number,
    tap: number,
    bytes: number,
    to: number,
    plane: number,
  ) => void;
  readonly tileWeightGradients: (
    from: number,
    plane: number,
    bytes: number,
    to: number,
    tap: number,
  ) => void;
  readonly sumChannels: (
    table: number,
    positions: number,
    gradient: number,
    channels: number,
  ) => void;
  readonly layClips: (table: number, steps: number, count: number, total: number) => void;
  readonly gather: (table: number, count: number, to: number) => void;
  readonly maxPool: (
    table: number,
    windows: number,
    taps: number,
    tapCount: number,
    chosen: number,
    channels: number,
    rectified: number,
  ) => void;
  readonly maxPoolGradient: (
    table: number,
    positions: number,
    covers: number,
    channels: number,
  ) => void;
  readonly rectifierGradient: (table: number, runs: number, length: number) => void;
  readonly tanh: (table: number, runs: number, length: number) => void;
  readonly tanhGradient: (table: number, runs: number, length: number) => void;
  readonly copy: (table: number, runs: number, length: number) => void;
  readonly multiply: (table: number, runs: number, length: number) => void;
  readonly sumRows: (
    table: number,
    stride: number,
    rows: number,
    width: number,
    column: number,
    channels: number,
    centre: number,
    squared: number,
    sums: number,
  ) => void;
  readonly sumGradients: (
    table: number,
    stride: number,
    second: number,
    rows: number,
    width: number,
    valueColumn: number,
    gradientColumn: number,
    channels: number,
    centre: number,
    sums: number,
    products: number,
  ) => void;
  readonly normalise: (
    table: number,
    rows: number,
    width: number,
    inputColumn: number,
    outputColumn: number,
    channels: number,
    centre: number,
    scale: number,
    shift: number,
    rectify: number,
  ) => void;
  readonly normaliseGradient: (
    table: number,
    rows: number,
    width: number,
    inputColumn: number,
    outputGradientColumn: number,
    inputGradientColumn: number,
    channels: number,
    centre: number,
    scale: number,
    constant: number,
    slope: number,
  ) => void;
  readonly weighPositions: (
    clips: number,
    positions: number,
    channels: number,
    lambda: number,
    a: number,
    t: number,
    u: number,
    alpha: number,
    c: number,
  ) => void;
  readonly weighPositionsGradient: (
    clips: number,
    positions: number,
    channels: number,
    lambda: number,
    a: number,
    t: number,
    u: number,
    alpha: number,
    byC: number,
    slopes: number,
    byU: number,
    byT: number,
    byA: number,
  ) => void;
  readonly weighClasses: (
    clips: number,
    classes: number,
    lambda: number,
    h: number,
    u: number,
    alpha: number,
    logits: number,
  ) => void;
  readonly weighClassesGradient: (
    clips: number,
    classes: number,
    lambda: number,
    h: number,
    u: number,
    alpha: number,
    byLogits: number,
    byU: number,
    byH: number,
  ) => void;
  readonly crossEntropy: (
    clips: number,
    classes: number,
    logits: number,
    labels: number,
    classWeights: number,
    smoothing: number,
    probabilities: number,
    predicted: number,
    total: number,
  ) => void;
  readonly crossEntropyGradient: (
    clips: number,
    classes: number,
    labels: number,
    classWeights: number,
    smoothing: number,
    scale: number,
    probabilities: number,
    byLogits: number,
  ) => void;
  readonly adam: (
    count: number,
    values: number,
    gradient: number,
    mean: number,
    square: number,
    beta1: number,
    beta2: number,
    restOfBeta1: number,
    restOfBeta2: number,
    rate: number,
    squareCorrection: number,
    epsilon: number,
    decay: number,
  ) => void;
  readonly clear: (address: number, bytes: number) => void;
  readonly run: (at: number, end: number) => void;
  readonly peak: (rounds: number, numbers: number) => void;
}
