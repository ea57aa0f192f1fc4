import { openDawn } from '../gpu/dawn.node.ts';
import type { Adapter } from '../gpu/device.ts';
import { UserError } from '../lib/errors.ts';
import { openCheckedEngine } from '../ops/check/openChecked.ts';
import { ENGINE_NAMES, type EngineName } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { oneOf } from './command.ts';

/** The value of `--engine`; undefined takes the compiled engine where there is WebGPU, else the eager one. */
export function engineOption(value: string | undefined): EngineName | undefined {
  return value === undefined ? undefined : oneOf('--engine', value, ENGINE_NAMES);
}

/**
 * Opens an engine on Dawn, or on the CPU where Dawn computes wrongly, saying so. Throws `gpu/engine` where the adapter can't
 * run the one that was named.
 */
export async function openEngine(name?: EngineName): Promise<{ adapter: Adapter; engine: Engine }> {
  const { adapter, engine, problem } = await openCheckedEngine(await openDawn(), { wanted: name });
  if (name !== undefined && engine.name !== name) {
    if (problem) throw problem;
    throw new UserError(
      'gpu/engine',
      `The ${name} engine needs WebGPU, and there is no adapter for it. Take --engine ${engine.name}.`,
    );
  }
  if (problem) console.error(problem.message);
  return { adapter, engine };
}
