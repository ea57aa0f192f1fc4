import type { Config } from '../config/fields.ts';
import type { StepScalars } from '../nn/optimizers/optimizer.ts';
import { OPTIMIZERS } from '../nn/optimizers/optimizers.ts';
import type { Tensor } from '../ops/tensor.ts';
import { PREFIX } from './networks.ts';

/** Names of the inputs of a step that are the encoder's own begin with this. */
const OWN = 'encoder.';
const TRAINS = 'encoderTrains';

/** True for a parameter of the student's encoder. */
export function isOfEncoder(name: string): boolean {
  return name.startsWith(`${PREFIX.student.encoder}.`);
}

/** Number of steps that the encoder has been trained after `step` steps of the run. */
export function encoderSteps({ freezeEncoderSteps }: Config, step: number): number {
  return Math.max(0, step - freezeEncoderSteps);
}

/**
 * Scalars of a 0-based step for `updateStudent`. An encoder with a rate of its own gets its own, which count the steps since it
 * is trained, as if it had been given to the optimizer then. They are inputs of the step program: freezing ends without
 * compiling anew.
 */
export function optimizerScalars(config: Config, step: number, lr: number): Record<string, number> {
  const { encoderLrFactor, freezeEncoderSteps } = config;
  const { scalars } = OPTIMIZERS[config.optimizer];
  const common = { ...scalars(config, step), lr };
  if (encoderLrFactor === 1 && freezeEncoderSteps === 0) return common;
  const own = { ...scalars(config, encoderSteps(config, step)), lr: lr * encoderLrFactor };
  return {
    ...common,
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [OWN + name, value])),
    ...(freezeEncoderSteps > 0 && { [TRAINS]: step < freezeEncoderSteps ? 0 : 1 }),
  };
}

/** The encoder's part of a step's scalars. */
export interface EncoderScalars {
  readonly scalars: StepScalars;
  /** 0 while the encoder is frozen, else 1; undefined if it never is. */
  readonly trains: Tensor | undefined;
}

/** Undefined where the encoder is updated as everything else is. */
export function encoderScalarsOf(scalars: Readonly<Partial<Record<string, Tensor>>>): EncoderScalars | undefined {
  const own = Object.entries(scalars).flatMap(([name, tensor]) =>
    name.startsWith(OWN) ? [[name.slice(OWN.length), tensor] as const] : [],
  );
  if (own.length === 0) return undefined;
  return { scalars: Object.fromEntries(own) as StepScalars, trains: scalars[TRAINS] };
}

/** `next` where `trains` is 1, `last` bit for bit where it is 0. */
export function unlessFrozen(trains: Tensor, next: Tensor, last: Tensor): Tensor {
  return next.where(trains, 0).add(last.where(trains.rsub(1), 0));
}
