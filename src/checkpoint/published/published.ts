import { UserError } from '../../lib/errors.ts';
import { NO_CLASSES } from '../../domain/classes.ts';
import { isCount } from '../../lib/isCount.ts';
import { sizeOf } from '../../lib/shape.ts';
import { torchShape } from '../../nn/params.ts';
import { describeState } from '../../slotcon/model.ts';
import { createNetworks } from '../../slotcon/networks.ts';
import { fromMetadata, type Checkpoint } from '../checkpoint.ts';
import { isDict, isTensor, PyFloat, pyDict, type PickleValue, type PyDict } from '../pickle/pickleValue.ts';
import { OWN_ENTRY, readArgs, writeArgs } from './args.ts';
import { dictAt, numberOf, unpublished } from './entries.ts';
import { MODULE, publishedKeys, publishedParameters } from './names.ts';
import { readOptimizerSlots, withStoredRates, writeOptimizer, writeScheduler } from './optimizer.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { inSinglePrecision } from '../singlePrecision.ts';
import { checkTensors } from '../stateDict.ts';

/** A GradScaler before its first step: mixed precision restarts when the run is resumed. */
const FRESH_SCALER: PyDict = pyDict({
  scale: new PyFloat(65536),
  growth_factor: new PyFloat(2),
  backoff_factor: new PyFloat(0.5),
  growth_interval: 2000,
  _growth_tracker: 0,
});

/**
 * Converts a checkpoint to the format of SlotCon's published code (CVMI-Lab/SlotCon, main_pretrain.py: save_checkpoint,
 * load_checkpoint). Everything in it is a plain dict, list, number, text or tensor, so that PyTorch reads it with
 * `weights_only` as well. The
 * published code restarts an incomplete epoch; the schedule continues.
 */
export function toPublished(checkpoint: Checkpoint): PyDict {
  const { config, position, tensors } = checkpoint;
  const networks = createNetworks(config);
  const model = publishedKeys(networks).map((name): [string, PickleValue] => {
    const tensor = tensors.get(name);
    if (!tensor) throw missing(name);
    return [MODULE + name, tensor];
  });
  return pyDict({
    args: writeArgs(checkpoint),
    model: new Map(model),
    optimizer: writeOptimizer(checkpoint, publishedParameters(networks)),
    scheduler: writeScheduler(checkpoint),
    epoch: position.epoch,
    scaler: FRESH_SCALER,
  });
}

/**
 * Reads a checkpoint of the published code, or one written by `toPublished`, which round-trips exactly. Throws a UserError
 * unless the file holds exactly the tensors of the model, of the right types and shapes.
 */
export function fromPublished(file: PickleValue): Checkpoint {
  if (!isDict(file)) throw unpublished('it holds no dict');
  const args = dictAt(file, 'args', '"args"');
  const model = readModel(dictAt(file, 'model', '"model"'));
  const optimizer = dictAt(file, 'optimizer', '"optimizer"');
  const checkpoint = args.has(OWN_ENTRY) ? ownCheckpoint(args, model) : publishedCheckpoint(file, args, model);
  const networks = createNetworks(checkpoint.config);
  const known = new Set(publishedKeys(networks));
  for (const name of known) if (!model.has(name)) throw missing(name);
  for (const name of model.keys()) if (!known.has(name)) throw unexpected(name);
  const slots = readOptimizerSlots(optimizer, publishedParameters(networks), checkpoint.config.optimizer);
  const tensors = inSinglePrecision(withSlots(checkpoint, slots));
  checkTensors(checkpoint.config, tensors);
  return { ...checkpoint, tensors };
}

function readModel(model: PyDict): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [key, value] of model) {
    if (!isTensor(value)) throw unpublished(`"${key}" of the model is no tensor`);
    const name = String(key);
    tensors.set(name.startsWith(MODULE) ? name.slice(MODULE.length) : name, value);
  }
  return tensors;
}

function ownCheckpoint(args: PyDict, model: ReadonlyMap<string, StoredTensor>): Checkpoint {
  const texts = [...dictAt(args, OWN_ENTRY, `"${OWN_ENTRY}" of args`)].map(([key, value]): [string, string] => {
    if (typeof value !== 'string') throw unpublished(`"${key}" of "${OWN_ENTRY}" is no text`);
    return [String(key), value];
  });
  return fromMetadata(Object.fromEntries(texts), model);
}

function publishedCheckpoint(top: PyDict, args: PyDict, model: ReadonlyMap<string, StoredTensor>): Checkpoint {
  const scheduler = dictAt(top, 'scheduler', '"scheduler"');
  const imageCount = numberOf(args.get('num_instances')) ?? 0;
  const config = withStoredRates(readArgs(args, model), imageCount, dictAt(top, 'optimizer', '"optimizer"'), scheduler);
  const epoch = numberOf(top.get('epoch'));
  // Counted from the fractional number of batches, the teacher's step may be ahead of it by one per epoch after resuming
  // there (`re_init`); in a run that was never interrupted it equals the scheduler's.
  const step = numberOf(scheduler.get('last_epoch'));
  if (!isCount(imageCount) || !isCount(epoch) || !isCount(step)) {
    throw unpublished(`it says epoch ${epoch}, step ${step}, ${imageCount} images, and these should be whole numbers`);
  }
  const dataset = args.get('dataset');
  return {
    config,
    position: { step, epoch, batch: 0 },
    datasetFingerprint: '',
    datasetName: typeof dataset === 'string' ? dataset : '',
    imageCount,
    classes: NO_CLASSES,
    kernels: '',
    tensors: model,
  };
}

/** Adds the optimizer's tensors to the model's: 0 for parameters without a step. */
function withSlots(
  { config, tensors }: Checkpoint,
  slots: ReadonlyMap<string, StoredTensor>,
): Map<string, StoredTensor> {
  const all = new Map(tensors);
  for (const { name, role, shape, layout } of describeState(config)) {
    if (role !== 'slot') continue;
    const zeros = (): StoredTensor => {
      return { dtype: 'F32', shape: torchShape(layout, shape), data: new Float32Array(sizeOf(shape)) };
    };
    all.set(name, slots.get(name) ?? zeros());
  }
  return all;
}

const missing = (name: string): UserError =>
  new UserError(
    'checkpoint/missing-tensor',
    `The model has no tensor "${MODULE}${name}", which its architecture needs. It was trained with other settings than its "args" say, or is incomplete: save it whole.`,
  );
const unexpected = (name: string): UserError =>
  new UserError(
    'checkpoint/unexpected-tensor',
    `The model has a tensor "${name}", which its architecture lacks. It was trained with other settings than its "args" say: save it with those.`,
  );
