import type { WebGpuAdapter } from './device.ts';
import { everywhere, type KernelChoices } from './kernelChoices.ts';
import { REGISTER, subgroupStrategy, WORKGROUP } from './kernels/gemmCode.ts';

/** How work is shaped for a class of adapters: all of it changes speed, the choices of kernels the rounding too. */
export interface AdapterProfile extends KernelChoices {
  /** Subgroup size in which fused kernels share headers and join the parts of a sum; undefined where they have no subgroups. */
  readonly lanes: number | undefined;
  /** Elements of a map per workgroup, a multiple of 256. */
  readonly mapChunk: number;
  /** Maximum floating-point operations per submission. */
  readonly maxSubmitFlop: number;
  /** Whether the driver compiles a pipeline when it is first dispatched instead of when it is created. */
  readonly compilesLate: boolean;
  /** Whether the device augments images itself instead of taking finished crops from the host. */
  readonly augments: boolean;
}

// Ratios below: time of the quick step with that value, over the time with the profile as it stands. llvmpipe (8 lanes) on 2
// cores, 2026-11-28; medians of 5 rounds in which every variant takes a turn, on a machine with other work (noise: 5 %).

/** Graphics cards. No number of this row has been measured on a card: they follow from how such devices work. */
const HARDWARE: AdapterProfile = {
  // Tiles in workgroup memory save loads from device memory.
  gemm: everywhere(WORKGROUP),
  // Uniform loads are cached.
  lanes: undefined,
  // Two or more workgroups for each of some hundred cores.
  parallelism: 256,
  // 16 elements per invocation.
  mapChunk: 1024,
  // Drivers reset a device after about 2 s in one submission: this is 2 s at 1 TFLOP/s, which cards exceed several times.
  maxSubmitFlop: 2e12,
  compilesLate: false,
  // Crops made by the host would be uploaded at every step.
  augments: true,
};

/** Software adapters without subgroups of a fixed, narrow size. */
const SOFTWARE: AdapterProfile = {
  // 3.12 where 'subgroup' is 1; 'workgroup' is 6.44.
  gemm: everywhere(REGISTER),
  lanes: undefined,
  // 1, 16 and 256: 0.98–1.00. Another number changes the order of sums and so the last digits of a run.
  parallelism: 4,
  // 1024: 0.97, 16384: 0.96, all within noise.
  mapChunk: 8192,
  // 0.2 s at the 18 GFLOP/s that products reach here. 1e9: 0.97; 2e12, one submission: 1.40.
  maxSubmitFlop: 4e9,
  // Without a shader cache 12.2 s of the 13.3 s until the first metrics are preparation that shows its progress.
  compilesLate: true,
  // A step of a run with crops made by the device: 1.02. They take the cores that the step takes.
  augments: false,
};

/** Software adapters whose subgroups are vector units: SwiftShader (4), llvmpipe (8). */
function softwareWithSubgroups(lanes: number): AdapterProfile {
  // For compilation: the drivers take long for each load from storage, and for workgroup memory.
  return { ...SOFTWARE, gemm: everywhere(subgroupStrategy(lanes)), lanes };
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
