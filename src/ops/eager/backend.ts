import * as tf from '@tensorflow/tfjs';
import { CPU_ADAPTER, type Adapter, type FallbackAdapter, type WebGpuAdapter } from '../../gpu/device.ts';
import { UserError } from '../../lib/errors.ts';
import type { EngineCore } from '../ops.ts';
import { replaceSlowKernels } from './cpuKernels.ts';
import { createEagerEngine } from './eagerEngine.ts';

const WEBGL_ADAPTER: FallbackAdapter = { backend: 'webgl', description: 'WebGL (no WebGPU)', software: true };

/** Returns the eager engine with tfjs computing on the adapter. tfjs has one active backend for all engines. */
export async function openEagerEngine(adapter: Adapter): Promise<EngineCore> {
  await openBackend(adapter);
  return createEagerEngine();
}

/** Makes tfjs compute on the adapter. */
export async function openBackend(adapter: Adapter): Promise<void> {
  if (adapter.backend === 'webgpu') await registerDevice(adapter);
  if (adapter.backend === 'cpu') replaceSlowKernels();
  if (!(await tf.setBackend(adapter.backend))) {
    throw new UserError('gpu/backend', `TensorFlow.js can't compute on this adapter: ${adapter.description}.`);
  }
}

/** WebGL if tfjs can open it, else the CPU. */
export async function fallbackAdapter(): Promise<FallbackAdapter> {
  const works = await tf.setBackend('webgl').catch(() => false);
  return works ? WEBGL_ADAPTER : CPU_ADAPTER;
}

/** Device behind tfjs's 'webgpu' backend. */
let registered: GPUDevice | undefined;

/** Registers our device as tfjs's WebGPU backend, instead of the one that tfjs would open. */
async function registerDevice({ device, info }: WebGpuAdapter): Promise<void> {
  // Removing a backend destroys the tensors on it.
  if (registered === device) return;
  // Imported here: the package looks for navigator.gpu when it is loaded.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const environment = tf.env();
  // Computing small tensors on the CPU would need their values there: a read-back that stalls.
  environment.set('WEBGPU_CPU_FORWARD', false);
  // Keeps matMul off its split-K kernel, whose float atomics add in any order: a run must repeat bit for bit.
  environment.set('WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL', 0.1);
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info), 3);
  registered = device;
}
