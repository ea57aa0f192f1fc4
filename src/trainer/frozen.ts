import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { writeState } from '../checkpoint/state.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/ops.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';

/** Lends the model of a checkpoint and frees it afterwards. Throws UserErrors for a checkpoint that doesn't hold one. */
export async function withCheckpoint<Result>(
  engine: Engine,
  { config, tensors }: Checkpoint,
  use: (model: Model) => Promise<Result>,
): Promise<Result> {
  const model = createModel(engine, config, createRandom(config.seed));
  try {
    writeState(engine, model, tensors);
    return await use(model);
  } finally {
    discardModel(engine, model);
  }
}
