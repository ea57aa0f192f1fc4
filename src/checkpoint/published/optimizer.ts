import { stepImages } from '../../config/batchSize.ts';
import type { Config } from '../../config/fields.ts';
import { resolveSchedule, ratesAt } from '../../config/schedules.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { OPTIMIZERS } from '../../nn/optimizers/optimizers.ts';
import type { TorchOption } from '../../nn/optimizers/optimizer.ts';
import { isDict, isTensor, PyFloat, PyTuple, pyDict, type PickleValue, type PyDict } from '../pickle/pickleValue.ts';
import { encoderSteps, isOfEncoder } from '../../slotcon/encoderRate.ts';
import { settings } from './args.ts';
import { dictAt, numberOf, unpublished } from './entries.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';

/** Writes `optimizer.state_dict()`: slots by the index of their parameter, and one group of all parameters. */
export function writeOptimizer(checkpoint: Checkpoint, parameters: readonly string[]): PyDict {
  const { config, position, tensors } = checkpoint;
  const optimizer = OPTIMIZERS[config.optimizer];
  const state = parameters.flatMap((name, index): [number, PickleValue][] => {
    const slots = optimizer.slots.flatMap(({ prefix, torchName }) => {
      const tensor = tensors.get(`${prefix}.${name}`);
      return tensor ? [[torchName, tensor] as const] : [];
    });
    if (slots.length === 0) return [];
    const trained = isOfEncoder(name) ? encoderSteps(config, position.step) : position.step;
    const steps = optimizer.torchCountsSteps ? { step: scalarTensor(trained) } : {};
    return [[index, pyDict({ ...steps, ...Object.fromEntries(slots) })]];
  });
  const { lr, peak } = currentRates(checkpoint);
  const options = Object.entries(optimizer.torchOptions(config)).map(([name, option]) => [name, asPython(option)]);
  const group = {
    lr: new PyFloat(lr),
    ...(Object.fromEntries(options) as Record<string, PickleValue>),
    initial_lr: new PyFloat(peak),
    params: parameters.map((_, index) => index),
  };
  return pyDict({ state: new Map(state), param_groups: [pyDict(group)] });
}

const scalarTensor = (value: number): StoredTensor => ({ dtype: 'F32', shape: [], data: Float32Array.of(value) });

function asPython(option: TorchOption): PickleValue {
  if (option === null || typeof option === 'boolean') return option;
  if ('int' in option) return option.int;
  if ('float' in option) return new PyFloat(option.float);
  return new PyTuple(option.floats.map((value) => new PyFloat(value)));
}

/**
 * Writes `scheduler.state_dict()`: the published warmup around PyTorch's CosineAnnealingLR, or the cosine alone without warmup.
 * Loading it replaces the lengths from the command line, so the schedule continues unchanged.
 */
export function writeScheduler(checkpoint: Checkpoint): PyDict {
  const { config, position } = checkpoint;
  const { lr, warmupLr, peak, warmupSteps, totalSteps } = currentRates(checkpoint);
  const common = (last: number, rate: number): Record<string, PickleValue> => ({
    base_lrs: [new PyFloat(peak)],
    last_epoch: last,
    verbose: false,
    _get_lr_called_within_step: false,
    _last_lr: [new PyFloat(rate)],
  });
  // "Epochs" are steps here: the published code steps its scheduler once per iteration.
  const beyond = Math.max(0, position.step - warmupSteps);
  const cosine = pyDict({
    T_max: Math.max(1, totalSteps - warmupSteps),
    eta_min: new PyFloat(config.minLearningRate),
    ...common(beyond, beyond > 0 || warmupSteps === 0 ? lr : peak),
    _step_count: beyond + 1,
  });
  if (warmupSteps === 0) return cosine;
  const { warmupMultiplier: multiplier } = config;
  return pyDict({
    multiplier: Number.isInteger(multiplier) ? multiplier : new PyFloat(multiplier),
    warmup_epoch: warmupSteps,
    finished: false,
    ...common(position.step, warmupLr),
    _step_count: Math.min(position.step, warmupSteps) + 1,
    after_scheduler: cosine,
  });
}

function currentRates({ config, position, imageCount }: Checkpoint): {
  readonly lr: number;
  /** Last rate set by the warmup itself. */
  readonly warmupLr: number;
  readonly peak: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
} {
  const schedule = resolveSchedule(config, imageCount);
  const { warmupSteps, totalSteps, peakLearningRate: peak } = schedule;
  const rate = (step: number): number => ratesAt(step, config, schedule).lr;
  return {
    lr: rate(position.step),
    warmupLr: rate(Math.min(position.step, warmupSteps)),
    peak,
    warmupSteps,
    totalSteps,
  };
}

/**
 * Reads the optimizer's tensors, by their names here (`optimizer.<parameter>`). PyTorch creates them at a parameter's first
 * step, so some may be missing.
 */
export function readOptimizerSlots(
  optimizer: PyDict,
  parameters: readonly string[],
  kind: Config['optimizer'],
): Map<string, StoredTensor> {
  const held = groupOf(optimizer).get('params');
  if (!Array.isArray(held) || held.length !== parameters.length) {
    const found = Array.isArray(held) ? held.length : 'no list of';
    throw unpublished(`its optimizer holds ${found} parameters, and this model has ${parameters.length}`);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [index, state] of dictAt(optimizer, 'state', '"state" of the optimizer')) {
    if (!Object.hasOwn(parameters, Number(index)))
      throw unpublished(`its optimizer has a state for a parameter ${index}`);
    const name = parameters[Number(index)];
    for (const { prefix, torchName } of OPTIMIZERS[kind].slots) {
      const tensor = isDict(state) ? state.get(torchName) : undefined;
      // PyTorch's SGD may store None before the first momentum.
      if (tensor === null) continue;
      if (!isTensor(tensor)) throw unpublished(`the state of "${name}" has no tensor "${torchName}"`);
      tensors.set(`${prefix}.${name}`, tensor);
    }
  }
  return tensors;
}

/** Returns the only parameter group: the published code uses one for all parameters. */
function groupOf(optimizer: PyDict): PyDict {
  const groups = optimizer.get('param_groups');
  const group: unknown = Array.isArray(groups) && groups.length === 1 ? groups[0] : undefined;
  if (!isDict(group)) throw unpublished('"param_groups" of the optimizer is no list of one dict');
  return group;
}

/**
 * Adds settings that no argument holds, from the optimizer and the scheduler: the published code keeps them from the file
 * it resumes. If the schedule differs from the arguments, the scheduler's lengths are used.
 */
export function withStoredRates(config: Config, imageCount: number, optimizer: PyDict, scheduler: PyDict): Config {
  const cosine = scheduler.has('after_scheduler')
    ? dictAt(scheduler, 'after_scheduler', '"after_scheduler" of the scheduler')
    : scheduler;
  const warmupSteps = numberOf(scheduler.get('warmup_epoch')) ?? 0;
  const totalSteps = warmupSteps + (numberOf(cosine.get('T_max')) ?? 0);
  const fromArgs = imageCount >= stepImages(config) ? resolveSchedule(config, imageCount) : undefined;
  const differs = fromArgs?.totalSteps !== totalSteps || fromArgs.warmupSteps !== warmupSteps;
  return settings(config, {
    ...OPTIMIZERS[config.optimizer].fromTorchOptions((name) => numbersOf(groupOf(optimizer).get(name))),
    minLearningRate: numberOf(cosine.get('eta_min')) ?? config.minLearningRate,
    ...(differs && { steps: totalSteps, warmupSteps }),
  });
}

function numbersOf(value: PickleValue | undefined): readonly number[] | undefined {
  const values = value instanceof PyTuple ? value.items : [value];
  const numbers = values.map(numberOf).filter((number) => number !== undefined);
  return numbers.length === values.length ? numbers : undefined;
}
