import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { loadStateDict } from '../checkpoint/state.ts';
import type { Config } from '../config/fields.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';

/** Lends a model as it is before its first step, and frees it afterwards. */
export async function withUntrained<Result>(
  engine: Engine,
  config: Config,
  use: (model: Model) => Promise<Result>,
): Promise<Result> {
  const model = createModel(engine, config, createRandom(config.seed));
  try {
    return await use(model);
  } finally {
    discardModel(engine, model);
  }
}

/** Lends the model of a checkpoint and frees it afterwards; `options` and the UserErrors it throws are `loadStateDict`'s. */
export function withCheckpoint<Result>(
  engine: Engine,
  { config, tensors }: Checkpoint,
  use: (model: Model) => Promise<Result>,
  options?: Parameters<typeof loadStateDict>[3],
): Promise<Result> {
  return withUntrained(engine, config, async (model) => {
    loadStateDict(engine, model, tensors, options);
    return use(model);
  });
}
