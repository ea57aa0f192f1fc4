import type { Config } from '../../config/fields.ts';
import type { Tensor } from '../../ops/tensor.ts';

/** Optimizer state per parameter: a tensor of its shape, initially 0. */
export interface OptimizerSlot {
  /** Name on disk: `<prefix>.<parameter>`. */
  readonly prefix: string;
  /** Key in the `state` of PyTorch's `state_dict()`. */
  readonly torchName: string;
}

/** A value in a PyTorch `param_groups` entry; `floats` is a tuple. */
export type TorchOption =
  | boolean
  | null
  | { readonly int: number }
  | { readonly float: number }
  | { readonly floats: readonly number[] };

/** A parameter before or after an update. */
export interface OptimizerState {
  readonly parameter: Tensor;
  /** One tensor per slot, in the order of `Optimizer.slots`. */
  readonly slots: readonly Tensor[];
}

/** Scalars of one step: the learning rate, and the result of `Optimizer.scalars`. */
export type StepScalars = Readonly<Record<string, Tensor>> & { readonly lr: Tensor };

/** An update rule, with its state and options in PyTorch's format. */
export interface Optimizer {
  readonly slots: readonly OptimizerSlot[];
  /** Scalars besides the learning rate that change from step to step; `step` counts from 0. They become program inputs. */
  scalars(config: Config, step: number): Readonly<Record<string, number>>;
  /** `dimensions` is the number of axes in PyTorch's layout: 1 for biases and BatchNorm parameters. */
  update(
    config: Config,
    dimensions: number,
    before: OptimizerState,
    gradient: Tensor,
    scalars: StepScalars,
  ): OptimizerState;
  /** Options of PyTorch's `param_groups` besides `lr`, `initial_lr` and `params`. */
  torchOptions(config: Config): Readonly<Record<string, TorchOption>>;
  /** Settings from such options; `option` returns the numbers of an option, undefined if it has none. */
  fromTorchOptions(option: (name: string) => readonly number[] | undefined): Partial<Config>;
  /** True if PyTorch's state counts the steps of each parameter (`step`). */
  readonly torchCountsSteps: boolean;
}
