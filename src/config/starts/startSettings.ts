import { batchShortfall } from '../batchSize.ts';
import { FIELD_NAMES, type Config, type FieldName } from '../fields.ts';
import { resolveSchedule } from '../schedules.ts';

/** Settings that must be a file's own for its encoder to fit, and for its heads and prototypes too. */
export const ENCODER_SHAPE = [
  'arch',
  'width',
  'stages',
  'blocksPerStage',
  'outputStride',
] as const satisfies FieldName[];
export const HEAD_SHAPE = ['hiddenDim', 'outDim', 'prototypes'] as const satisfies FieldName[];

/** Settings that a new run takes over with the weights of a run: its networks, and the size of its views. */
export function networkSettings(own: Config): Partial<Config> {
  const taken: readonly FieldName[] = [...ENCODER_SHAPE, ...HEAD_SHAPE, 'cropSize'];
  return pick(own, taken);
}

export function pick(values: Partial<Config>, names: readonly FieldName[]): Partial<Config> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

const LR_FACTOR = 0.1;
const FROZEN_FRACTION = 0.1;

/**
 * The rate of a trained encoder, unless the settings already give it one of its own, or one was `chosen`: a tenth, after
 * standing still for the first tenth of the run, so that fresh heads don't pull it apart.
 */
export function startRates(config: Config, imageCount: number, chosen: Partial<Config> = {}): Partial<Config> {
  if (config.encoderLrFactor !== 1 || config.freezeEncoderSteps !== 0) return {};
  if ((['encoderLrFactor', 'freezeEncoderSteps'] as const).some((name) => chosen[name] !== undefined)) return {};
  const isKnown = config.steps > 0 || batchShortfall(imageCount, config) === undefined;
  const steps = isKnown ? resolveSchedule(config, imageCount).totalSteps : 0;
  return { encoderLrFactor: LR_FACTOR, freezeEncoderSteps: Math.floor(steps * FROZEN_FRACTION) };
}

/** Names of the settings in which `values` differ from `config`, in the order of the form. */
export function differing(values: Partial<Config>, config: Config): FieldName[] {
  return FIELD_NAMES.filter((name) => values[name] !== undefined && values[name] !== config[name]);
}
