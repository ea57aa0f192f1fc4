import * as tf from '@tensorflow/tfjs';
import { UserError } from '../lib/errors.ts';

/** What computes. `software` is true where no graphics card does: a run will be slow. */
export interface Adapter {
  readonly backend: 'webgpu' | 'webgl' | 'cpu';
  readonly description: string;
  readonly software: boolean;
  /** Absent on the fallbacks. */
  readonly device?: GPUDevice;
  /** Threads that exchange values directly, where the device lets kernels and always takes the same number. */
  readonly subgroupSize?: number;
}

/** Limits worth raising to whatever the adapter has: the defaults bind 8 buffers of 128 MiB. */
const RAISED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

// Older type packages don't know every name.
const WANTED_FEATURES = [
  'shader-f16',
  'subgroups',
  'timestamp-query',
] as readonly string[] as readonly GPUFeatureName[];

/**
 * Opens our own device and makes tfjs compute on it. Resolves to undefined where there is no WebGPU or no adapter.
 * `gpu` is `navigator.gpu`; in Node, that of the `webgpu` package, set before this is called.
 */
export async function openWebGpu(gpu: GPU | undefined): Promise<Adapter | undefined> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const device = await adapter.requestDevice({
    requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
  // Imported late: the package looks for navigator.gpu when it is loaded.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const environment = tf.env();
  // Computing small tensors on the CPU would need their values there: a read-back that stalls.
  environment.set('WEBGPU_CPU_FORWARD', false);
  // Keeps matMul off its split-K kernel, whose float atomics add in any order: a run must repeat bit for bit.
  environment.set('WEBGPU_THRESHOLD_TO_INCREASE_WORKGROUPS_FOR_MATMUL', 0.1);
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 3);
  if (!(await tf.setBackend('webgpu')))
    throw new UserError('gpu/backend', 'TensorFlow.js could not use the WebGPU device.');
  const { subgroupMinSize, subgroupMaxSize } = adapter.info;
  return {
    ...{ backend: 'webgpu', description: describe(adapter.info), software: isSoftware(adapter.info), device },
    ...(device.features.has('subgroups' as GPUFeatureName) &&
      subgroupMinSize === subgroupMaxSize && { subgroupSize: subgroupMinSize }),
  };
}

/** Makes tfjs compute on WebGL, or on the CPU where that is missing too. */
export async function openFallback(only?: 'cpu'): Promise<Adapter> {
  if (only === undefined) {
    const works = await tf.setBackend('webgl').catch(() => false);
    if (works) return { backend: 'webgl', description: 'WebGL (no WebGPU)', software: true };
  }
  if (!(await tf.setBackend('cpu'))) throw new UserError('gpu/backend', 'TensorFlow.js found nothing to compute on.');
  return { backend: 'cpu', description: 'CPU (no WebGPU)', software: true };
}

function describe(info: GPUAdapterInfo): string {
  const parts = [info.description, info.device, info.architecture, info.vendor].filter((part) => part !== '');
  return [...new Set(parts)].join(', ') || 'unnamed WebGPU adapter';
}

/** isFallbackAdapter where it is told, else the names of the software drivers there are. */
function isSoftware(info: GPUAdapterInfo): boolean {
  if (info.isFallbackAdapter) return true;
  return /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i.test(describe(info));
}
