import { profileOf, type AdapterProfile } from '../../gpu/adapterProfile.ts';
import type { Adapter } from '../../gpu/device.ts';
import { everywhere } from '../../gpu/kernelChoices.ts';
import { REGISTER, WORKGROUP, type GemmStrategy } from '../../gpu/kernels/gemmCode.ts';
import type { UserError } from '../../lib/errors.ts';
import { createCompiledEngine } from '../compiled/compiledEngine.ts';
import { createEngine, type EngineName } from '../createEngine.ts';
import { tensorEngine, type Engine } from '../engine.ts';
import { largestError, TOLERANCE } from './knownAnswer.ts';

export type KernelFamily = GemmStrategy['kind'];

interface Choice {
  readonly wanted?: EngineName | undefined;
  /** A family that is known to compute rightly on this adapter, and is not checked again. */
  readonly proven?: string | undefined;
  /** Largest relative error in known results, see `largestError`. */
  readonly errorOf?: (engine: Engine) => Promise<number>;
}

export interface CheckedEngine {
  /** Another than the given one where that computes wrongly. */
  readonly adapter: Adapter;
  readonly engine: Engine;
  /** Kernels that the engine was found to compute rightly with. */
  readonly family?: KernelFamily;
  /** Why not the given adapter. */
  readonly problem?: UserError;
}

/**
 * Opens an engine as `createEngine` does, with the first family of kernels that computes a known answer rightly: drivers
 * have computed wrongly without any error. Where none does, opens the eager engine on the fallback. Rejects with the
 * error of an adapter that computes nothing at all.
 */
export async function openCheckedEngine(
  adapter: Adapter,
  { wanted = 'compiled', proven, errorOf = largestError }: Choice = {},
): Promise<CheckedEngine> {
  if (wanted !== 'compiled' || adapter.backend !== 'webgpu') {
    return { adapter, engine: await createEngine(adapter, wanted) };
  }
  const profiles = familiesOf(profileOf(adapter));
  const known = profiles.find((profile) => familyOf(profile) === proven);
  if (known) {
    return { adapter, engine: tensorEngine(createCompiledEngine(adapter.device, known)), family: familyOf(known) };
  }
  const failures: unknown[] = [];
  let least = Infinity;
  for (const profile of profiles) {
    const engine = tensorEngine(createCompiledEngine(adapter.device, profile));
    try {
      const error = await errorOf(engine);
      if (error <= TOLERANCE) return { adapter, engine, family: familyOf(profile) };
      least = Math.min(least, Number.isNaN(error) ? Infinity : error);
    } catch (thrown) {
      failures.push(thrown);
    }
  }
  if (failures.length === profiles.length) throw failures[0];
  return (await import('./openInstead.ts')).openInstead(adapter, least);
}

/** The profile, and as it is with the other families of kernels that need less of the adapter. */
function familiesOf(profile: AdapterProfile): readonly AdapterProfile[] {
  return [
    profile,
    ...[REGISTER, WORKGROUP]
      .filter(({ kind }) => kind !== familyOf(profile))
      .map((strategy): AdapterProfile => ({ ...profile, gemm: everywhere(strategy), lanes: undefined })),
  ];
}

/** Profiles have one family for every use. */
const familyOf = ({ gemm }: AdapterProfile): KernelFamily => gemm.convolution.kind;
