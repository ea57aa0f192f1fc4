import type { WebGpuAdapter } from './device.ts';
import type { GemmStrategy } from './kernels/gemm.ts';

/** How work is shaped for a class of adapters: all of it changes speed, `gemm` and `parallelism` the rounding too. */
export interface AdapterProfile {
  /** Kernels of matrix products and convolutions. */
  readonly gemm: GemmStrategy;
  /** Subgroup size in which merged kernels share their headers; undefined where each invocation loads its own. */
  readonly lanes: number | undefined;
  /** Workgroups that occupy the adapter: deep sums with fewer outputs are split until there are about as many. */
  readonly parallelism: number;
  /** Elements of a map per workgroup, a multiple of 256. */
  readonly mapChunk: number;
  /** Maximum floating-point operations per submission: drivers reset a device that computes for some 2 s. */
  readonly maxSubmitFlop: number;
  /** Whether the driver compiles a pipeline when it is first dispatched instead of when it is created. */
  readonly compilesLate: boolean;
  /** Whether the device augments images itself instead of taking finished crops from the host. */
  readonly augments: boolean;
}

/** Graphics cards. */
const HARDWARE: AdapterProfile = {
  gemm: { kind: 'workgroup' },
  lanes: undefined,
  parallelism: 256,
  mapChunk: 1024,
  maxSubmitFlop: 2e12,
  compilesLate: false,
  augments: true,
};

/** CPUs as devices, without subgroups or with a size that varies. */
const SOFTWARE: AdapterProfile = {
  gemm: { kind: 'register' },
  lanes: undefined,
  parallelism: 4,
  mapChunk: 8192,
  maxSubmitFlop: 4e9,
  compilesLate: true,
  augments: false,
};

/** CPUs as devices whose subgroups are their vector units: SwiftShader (4), llvmpipe (4 or 8). */
function softwareWithSubgroups(size: number): AdapterProfile {
  return { ...SOFTWARE, gemm: { kind: 'subgroup', size }, lanes: size };
}

/** Largest subgroup for which the subgroup kernels are written. */
const MAX_LANES = 8;

export function profileOf({
  software,
  subgroupSize,
}: Pick<WebGpuAdapter, 'software' | 'subgroupSize'>): AdapterProfile {
  if (!software) return HARDWARE;
  return subgroupSize !== undefined && subgroupSize <= MAX_LANES ? softwareWithSubgroups(subgroupSize) : SOFTWARE;
}
