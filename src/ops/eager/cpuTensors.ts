import type * as tf from '@tensorflow/tfjs';

/** What tfjs gives a kernel. */
export type Call = Parameters<tf.KernelFunc>[0];

export function memoryOf({ backend }: Call): tf.KernelBackend {
  return backend as tf.KernelBackend;
}

export function valuesOf(memory: tf.KernelBackend, { dataId }: tf.TensorInfo): Float32Array {
  return memory.readSync(dataId) as Float32Array;
}

export function createTensor(memory: tf.KernelBackend, values: Float32Array, shape: number[]): tf.TensorInfo {
  return { dataId: memory.write(values, shape, 'float32'), shape, dtype: 'float32' };
}
