import type { Config } from '../../config/fields.ts';
import type { Tensor } from '../../ops/tensor.ts';

/** State that an optimizer keeps for each parameter: a tensor of its shape, 0 at first. */
export interface OptimizerSlot {
  /** Name on disk: `<prefix>.<parameter>`. */
  readonly prefix: string;
  /** Key in the `state` of PyTorch's `state_dict()`. */
  readonly torchName: string;
}

/** A value in a PyTorch `param_groups` entry; `floats` is a tuple. */
export type TorchOption =
  boolean | null | { readonly int: number } | { readonly float: number } | { readonly floats: readonly number[] };

/** A parameter before or after an update. */
export interface OptimizerState {
  readonly parameter: Tensor;
  /** One tensor per slot, in the order of `Optimizer.slots`. */
  readonly slots: readonly Tensor[];
}

/** Scalars of one step: the learning rate, and what `Optimizer.scalars` gave. */
export type StepScalars = Readonly<Record<string, Tensor>> & { readonly lr: Tensor };

/** An update rule, with all that files and settings need to know of it. */
export interface Optimizer {
  readonly slots: readonly OptimizerSlot[];
  /** Scalars besides the learning rate that change from step to step; `step` counts from 0. They become program inputs. */
  scalars(config: Config, step: number): Readonly<Record<string, number>>;
  /** `dimensions` is the number of axes that PyTorch sees: 1 for biases and BatchNorm parameters. */
  update(
    config: Config,
    dimensions: number,
    before: OptimizerState,
    gradient: Tensor,
    scalars: StepScalars,
  ): OptimizerState;
  /** Options of PyTorch's `param_groups` besides `lr`, `initial_lr` and `params`. */
  torchOptions(config: Config): Readonly<Record<string, TorchOption>>;
  /** The settings that such options hold; `option` gives the numbers of an option, undefined where there are none. */
  fromTorchOptions(option: (name: string) => readonly number[] | undefined): Partial<Config>;
  /** Whether PyTorch's state counts the steps of each parameter (`step`). */
  readonly torchCountsSteps: boolean;
}
