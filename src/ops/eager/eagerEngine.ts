import * as tf from '@tensorflow/tfjs';
import type {
  DeviceFill,
  EngineCore,
  Handle,
  HandleGradients,
  HandleVariable,
  Program,
  VariableSnapshot,
} from '../ops.ts';
import { eagerOps, raw } from './eagerOps.ts';

interface EagerVariable extends HandleVariable {
  readonly value: tf.Variable;
}

/** Creates an engine on the active tfjs backend: simple, correct and slow; the reference for faster ones. */
export function createEagerEngine(): EngineCore {
  return {
    name: 'eager',
    kernels: 'tfjs',
    queuesRuns: false,
    ops: eagerOps,
    constant: upload,
    assign: (variable, value) => variableOf(variable).assign(raw(value)),
    gradients,
    program,
    // Memory is allocated as the body runs: nothing is known in advance.
    plan: () => undefined,
    sketch: () => undefined,
    variableBytes: () => undefined,
    variable: (name, shape, data): EagerVariable => {
      const initial = upload(data, shape);
      const value = tf.variable(initial, true);
      initial.dispose();
      return { name, shape, value };
    },
    read: (variable) => take(hold(variable.value)),
    write: (variable, data) => tf.tidy(() => variableOf(variable).assign(upload(data, variable.shape))),
    snapshot,
    discard: (variable) => variableOf(variable).dispose(),
    uploadedBytes: () => undefined,
    tensorCount: () => tf.memory().numTensors,
  };
}

const variableOf = (variable: HandleVariable): tf.Variable => (variable as EagerVariable).value;

const upload = (data: Float32Array, shape: readonly number[]): tf.Tensor => tf.tensor(data, [...shape], 'float32');

/** Clones a tensor into one that outlives its scope. */
const hold = (tensor: Handle): tf.Tensor => tf.keep(tf.clone(raw(tensor)));

/** Downloads a held tensor, then disposes of it. */
async function take(held: tf.Tensor): Promise<Float32Array> {
  try {
    return (await held.data()) as Float32Array;
  } finally {
    held.dispose();
  }
}

/** Prepares nothing: the body is called, and computes, at every run. */
async function program<Input extends string, Output extends string>(
  shapes: Readonly<Record<Input, readonly number[]>>,
  body: (inputs: Readonly<Record<Input, Handle>>) => Readonly<Record<Output, Handle>>,
  onProgress?: (fraction: number) => void,
): Promise<Program<Input, Output>> {
  const compute = (values: Readonly<Record<Input, Float32Array | DeviceFill>>): [string, tf.Tensor][] => {
    const inputs = Object.entries<readonly number[]>(shapes).map(([name, shape]) => {
      const data = values[name as Input];
      if (typeof data === 'function') throw new Error(`input "${name}" must come from the host on this engine`);
      return [name, upload(data, shape)];
    });
    const outputs = body(Object.fromEntries(inputs) as Record<Input, Handle>);
    return Object.entries<Handle>(outputs).map(([name, tensor]) => [name, hold(tensor)]);
  };
  onProgress?.(1);
  return {
    run: async (values) => {
      let held: [string, tf.Tensor][] = [];
      tf.tidy(() => void (held = compute(values)));
      const outputs = await Promise.all(held.map(async ([name, tensor]) => [name, await take(tensor)] as const));
      return Object.fromEntries(outputs) as Record<Output, Float32Array>;
    },
    dispose: () => undefined,
  };
}

function gradients(...[body, variables]: Parameters<EngineCore['gradients']>): HandleGradients {
  const targets: tf.Tensor[] = variables.map(variableOf);
  let kept: tf.Tensor[] = [];
  // tfjs looks up the gradients of these by identity after the body has run, so intermediates may join them meanwhile.
  const sources = [...targets];
  const { grads } = tf.engine().gradients(
    () => {
      const outcome = body();
      sources.push(...outcome.watched.map(raw));
      // tfjs frees the results of the forward pass before the backward pass; these are still needed.
      kept = outcome.kept.map(hold);
      return raw(outcome.loss);
    },
    sources,
    undefined,
    true,
  ) as { grads: readonly (tf.Tensor | undefined)[] };
  const found = grads.map((gradient, index) => gradient ?? tf.zeros(sources[index].shape));
  return {
    // A clone belongs to the scope that is open now, which a held tensor doesn't.
    kept: kept.map((tensor) => {
      const clone = tf.clone(tensor);
      tensor.dispose();
      return clone;
    }),
    gradients: found.slice(0, targets.length),
    watched: found.slice(targets.length),
  };
}

/** Clones share memory, which is safe: tfjs assigns by replacing a tensor and never writes into one. */
function snapshot(variables: readonly HandleVariable[]): VariableSnapshot {
  const held = variables.map(({ value }) => hold(value));
  return {
    restore: () => variables.forEach((variable, index) => variableOf(variable).assign(held[index])),
    release: () => held.forEach((tensor) => tensor.dispose()),
  };
}
