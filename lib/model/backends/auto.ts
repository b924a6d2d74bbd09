import { probeTensorflow, type TensorflowProbe } from './tensorflow-probe.ts';

export interface ChosenBackend {
  readonly backend: 'tensorflow' | 'wasm';
  /** One line for the user. */
  readonly why: string;
}

/** What `backend: auto` means here: tensorflow where it loads, wasm otherwise. */
export async function chooseBackend(
  probe: () => Promise<TensorflowProbe> = probeTensorflow,
): Promise<ChosenBackend> {
  const result = await probe();
  return result.state === 'loads'
    ? { backend: 'tensorflow', why: 'backend auto: tensorflow, since @tensorflow/tfjs-node loads' }
    : { backend: 'wasm', why: `backend auto: wasm, since tensorflow does not load: ${result.why}` };
}
