import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { loadStateDict } from '../checkpoint/stateDict.ts';
import type { Config } from '../config/fields.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';

/** Calls `use` with an untrained model, and frees the model afterwards. */
export async function withInitialModel<Result>(
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

/** The model of a checkpoint; `discardModel` frees it. Errors as of `loadStateDict`. */
export function createCheckpointModel(engine: Engine, { config, tensors }: Checkpoint): Model {
  const model = createModel(engine, config, createRandom(config.seed));
  try {
    loadStateDict(engine, model, tensors);
    return model;
  } catch (thrown) {
    discardModel(engine, model);
    throw thrown;
  }
}

/** Calls `use` with the model of a checkpoint, and frees the model afterwards. Options and errors as of `loadStateDict`. */
export function withCheckpointModel<Result>(
  engine: Engine,
  { config, tensors }: Checkpoint,
  use: (model: Model) => Promise<Result>,
  options?: Parameters<typeof loadStateDict>[3],
): Promise<Result> {
  return withInitialModel(engine, config, async (model) => {
    loadStateDict(engine, model, tensors, options);
    return use(model);
  });
}
