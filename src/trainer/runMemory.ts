import type { Config } from '../config/fields.ts';
import type { RunMemory } from '../domain/runMemory.ts';
import { augmenterBytes } from '../gpu/augment/augment.ts';
import type { Engine } from '../ops/engine.ts';
import { sketchModel } from '../slotcon/model.ts';
import { snapshotCount } from './lastGood.ts';
import { planStep } from './planStep.ts';

/**
 * Memory that a run with these settings will take, from the plan that its step is compiled by; allocates nothing. Undefined for an
 * engine that doesn't plan. Throws as `createStepProgram` does where the settings don't fit.
 */
export async function planRun(engine: Engine, config: Config, signal?: AbortSignal): Promise<RunMemory | undefined> {
  const model = sketchModel(engine, config);
  if (!model) return undefined;
  const { batchSize: count, cropSize } = config;
  const step = await planStep(engine, model, { count, height: cropSize, width: cropSize }, signal);
  const ofModel = [...model.entries.values()].map(({ variable }) => variable.shape);
  const bytes = engine.variableBytes(ofModel);
  const all = step && engine.variableBytes([...ofModel, ...step.variables]);
  if (!bytes || !all) return undefined;
  const views = engine.fillDevice ? augmenterBytes(cropSize, count) : 0;
  return {
    networks: bytes.variables,
    kept: snapshotCount(engine, model) * bytes.snapshot,
    step: step.bytes + all.variables - bytes.variables + views,
  };
}
