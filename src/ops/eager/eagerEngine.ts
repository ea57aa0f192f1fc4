import * as tf from '@tensorflow/tfjs';
import type { Engine, Tensor, Variable } from '../ops.ts';
import { eagerOps, raw } from './eagerOps.ts';

interface EagerVariable extends Variable {
  readonly value: tf.Variable;
}

/** The engine on whatever tfjs backend is active: simple, right, slow; the oracle for any faster one. */
export function createEagerEngine(): Engine {
  return {
    name: 'eager',
    ops: eagerOps,
    variable: (name, shape, data): EagerVariable => {
      const initial = tf.tensor(data, [...shape], 'float32');
      const value = tf.variable(initial, true);
      initial.dispose();
      return { name, shape, value };
    },
    assign: (variable, value) => variableOf(variable).assign(raw(value)),
    write: (variable, data) =>
      tf.tidy(() => variableOf(variable).assign(tf.tensor(data, [...variable.shape], 'float32'))),
    copy: (variable) => tf.keep(tf.clone(variableOf(variable))),
    upload: (data, shape) => tf.tensor(data, [...shape], 'float32'),
    scope: (body) => tf.tidy(() => body() as unknown as tf.TensorContainerObject) as unknown as ReturnType<typeof body>,
    gradients,
    read,
    release: (tensor) => raw(tensor).dispose(),
    discard: (variable) => variableOf(variable).dispose(),
    tensorCount: () => tf.memory().numTensors,
  };
}

const variableOf = (variable: Variable): tf.Variable => (variable as EagerVariable).value;

/** Reads a clone, so that the scope of the tensor may end before the values arrive. */
async function read(tensor: Tensor): Promise<Float32Array> {
  const held = tf.keep(tf.clone(raw(tensor)));
  try {
    return (await held.data()) as Float32Array;
  } finally {
    held.dispose();
  }
}

function gradients<Kept extends { readonly loss: Tensor }>(
  body: () => Kept,
  variables: readonly Variable[],
): { values: Kept; gradients: readonly Tensor[] } {
  const targets = variables.map(variableOf);
  let kept: [string, tf.Tensor][] = [];
  const { grads } = tf.variableGrads(() => {
    const values = body();
    // tfjs frees what the forward pass made before it goes backward; these values must live on.
    kept = Object.entries(values).map(([name, tensor]) => [name, tf.keep(raw(tensor as Tensor))]);
    return raw(values.loss) as tf.Scalar;
  }, targets);
  // A clone belongs to the scope that is open now, which a kept tensor doesn't.
  const values = kept.map(([name, tensor]): [string, tf.Tensor] => {
    const clone = tf.clone(tensor);
    tensor.dispose();
    return [name, clone];
  });
  return {
    values: Object.fromEntries(values) as unknown as Kept,
    // A parameter the loss doesn't reach (the predictor at λ_g = 1) has gradient 0.
    gradients: targets.map((target) => grads[target.name] ?? tf.zerosLike(target)),
  };
}
