import { vi } from 'vitest';

/** What `openWebGpu` needs of a GPU. */
type Gpu = Pick<GPU, 'requestAdapter'>;

/** A GPU whose devices have the limits that WebGPU guarantees, whatever they are requested with. */
export function atDefaultLimits(gpu: Gpu): Gpu {
  return {
    requestAdapter: async (options) => {
      const adapter = await gpu.requestAdapter(options);
      if (!adapter) return null;
      const requestDevice = adapter.requestDevice.bind(adapter);
      return Object.assign(adapter, {
        requestDevice: (wanted?: GPUDeviceDescriptor) => requestDevice({ ...wanted, requiredLimits: {} }),
      });
    },
  };
}

/** Limits that every adapter has. */
export const GUARANTEED_LIMITS = {
  maxStorageBufferBindingSize: 2 ** 27,
  maxBufferSize: 2 ** 28,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupStorageSize: 2 ** 14,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65535,
};

const BYTES: Readonly<Record<string, number>> = { f32: 4, u32: 4, V: 16, T: 16, vec2f: 8, vec4f: 16 };

/** Bytes of workgroup memory and invocations of a workgroup, from the text of a shader. */
function workgroupOf(code: string): { bytes: number; invocations: number } {
  const arrays = [...code.matchAll(/var<workgroup> \w+: array<(\w+), (\d+)>/g)];
  if (arrays.length !== code.split('var<workgroup>').length - 1)
    throw new Error('a workgroup variable of another form');
  const [, sizes] = /@workgroup_size\(([\d, ]+)\)/.exec(code) ?? ['', ''];
  return {
    bytes: arrays.reduce((total, [, type, count]) => total + BYTES[type] * Number(count), 0),
    invocations: sizes.split(',').reduce((total, size) => total * Number(size), 1),
  };
}

/**
 * A device that computes nothing, and lists in `broken` what exceeds the guaranteed limits. Globals are stubbed until
 * `vi.unstubAllGlobals`.
 */
export function guaranteedDevice() {
  vi.stubGlobal('GPUBufferUsage', {});
  vi.stubGlobal('GPUShaderStage', {});
  vi.stubGlobal('GPUMapMode', {});
  const broken: string[] = [];
  const limits = GUARANTEED_LIMITS;
  const atMost = (limit: keyof typeof GUARANTEED_LIMITS, value: number, what: string): void => {
    if (!(value <= limits[limit])) broken.push(`${what}: ${limit} ${value}`);
  };
  const createBuffer = ({ size, label = 'buffer' }: GPUBufferDescriptor) => {
    atMost('maxBufferSize', size, label);
    return { size, destroy: vi.fn(), mapAsync: () => Promise.resolve(), unmap: vi.fn(), getMappedRange: () => new ArrayBuffer(size) }; // oxfmt-ignore
  };
  const pass = {
    setPipeline: vi.fn(),
    setBindGroup: vi.fn(),
    dispatchWorkgroupsIndirect: vi.fn(),
    end: vi.fn(),
    dispatchWorkgroups: (...counts: number[]) =>
      counts.forEach((count) => atMost('maxComputeWorkgroupsPerDimension', count, 'dispatch')),
  };
  const device = {
    limits,
    createBuffer,
    pushErrorScope: vi.fn(),
    popErrorScope: () => Promise.resolve(null),
    createBindGroupLayout: ({ entries }: { entries: readonly GPUBindGroupLayoutEntry[] }) => {
      const storage = entries.filter(({ buffer }) => buffer?.type !== 'uniform').length;
      atMost('maxStorageBuffersPerShaderStage', storage, 'kernel');
    },
    createBindGroup: ({ entries }: { entries: readonly { resource: { buffer: { size: number }; size?: number } }[] }) =>
      entries.forEach(({ resource: { buffer, size = buffer.size } }) =>
        atMost('maxStorageBufferBindingSize', size, 'binding'),
      ),
    createPipelineLayout: vi.fn(),
    createShaderModule: ({ code, label = '' }: GPUShaderModuleDescriptor) => {
      const { bytes, invocations } = workgroupOf(code);
      atMost('maxComputeWorkgroupStorageSize', bytes, label);
      atMost('maxComputeInvocationsPerWorkgroup', invocations, label);
    },
    createComputePipelineAsync: () => Promise.resolve({}),
    createCommandEncoder: () => ({ beginComputePass: () => pass, copyBufferToBuffer: vi.fn(), finish: vi.fn() }),
    queue: { submit: vi.fn(), writeBuffer: vi.fn(), onSubmittedWorkDone: () => Promise.resolve() },
  };
  return { device: device as unknown as GPUDevice, broken };
}
