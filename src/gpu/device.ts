import { measureCompletion } from './completion.ts';

/** Device that computes. `software` is true without a graphics card: a run will be slow. */
export type Adapter = WebGpuAdapter | FallbackAdapter;

export interface WebGpuAdapter {
  readonly backend: 'webgpu';
  readonly description: string;
  readonly software: boolean;
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** Invocations that exchange values directly, where kernels may use subgroups and their size is fixed. */
  readonly subgroupSize?: number;
}

export interface FallbackAdapter {
  readonly backend: 'webgl' | 'cpu';
  readonly description: string;
  readonly software: true;
  readonly device?: undefined;
}

export const CPU_ADAPTER: FallbackAdapter = { backend: 'cpu', description: 'CPU (no WebGPU)', software: true };

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

// Missing in TypeScript's own DOM types.
const SUBGROUPS = 'subgroups' as string as GPUFeatureName;
export const TIMESTAMPS: GPUFeatureName = 'timestamp-query';

/**
 * Opens a device of our own. Resolves to undefined where there is no WebGPU or no adapter. `gpu` is `navigator.gpu`; in
 * Node, that of the `webgpu` package. `otherName` is called for an adapter that tells nothing of itself, as in Firefox.
 */
export async function openWebGpu(
  gpu: Pick<GPU, 'requestAdapter'> | undefined,
  otherName: () => string = () => 'unnamed WebGPU adapter',
): Promise<WebGpuAdapter | undefined> {
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const device = await adapter.requestDevice({
    requiredFeatures: [SUBGROUPS, TIMESTAMPS].filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(RAISED_LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
  await measureCompletion(device);
  const { info } = adapter;
  const description = describe(info) || otherName();
  const fixed = device.features.has(SUBGROUPS) && info.subgroupMinSize === info.subgroupMaxSize;
  return {
    backend: 'webgpu',
    description,
    software: isSoftware(info, description),
    device,
    info,
    ...(fixed && { subgroupSize: info.subgroupMinSize }),
  };
}

function describe(info: GPUAdapterInfo): string {
  const parts = [info.description, info.device, info.architecture, info.vendor].filter((part) => part !== '');
  return [...new Set(parts)].join(', ');
}

/** `isFallbackAdapter` where the browser sets it, else a match with the names of known software drivers. */
function isSoftware({ isFallbackAdapter }: GPUAdapterInfo, description: string): boolean {
  if (isFallbackAdapter) return true;
  return /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i.test(description);
}
