import { stepImages } from '../batchSize.ts';
import { FIELDS, FIELD_NAMES, type Config, type Field, type FieldName } from '../fields.ts';
import { resolveSchedule } from '../schedules.ts';

/** The settings that the published code has a command-line flag for, in the order of the form. */
export const PUBLISHED_FLAGS: readonly (readonly [flag: string, field: FieldName])[] = FIELD_NAMES.flatMap((name) => {
  const flag = (FIELDS[name] as Field).reference;
  return flag === undefined ? [] : [[flag, name] as const];
});

/** Integers in the published code that may be fractions here. */
export const PUBLISHED_AS_INT: ReadonlySet<FieldName> = new Set(['epochs', 'warmupEpochs', 'warmupMultiplier']);

/**
 * The same run in the published units: whole epochs where the length is given in steps, a rate for a batch of 256, and all
 * images of a step as one batch.
 */
export function inPublishedUnits(config: Config, imageCount: number): Config {
  const { totalSteps, warmupSteps, peakLearningRate } = resolveSchedule(config, imageCount);
  const batchSize = stepImages(config);
  const baseLearningRate = (peakLearningRate * 256) / batchSize;
  const published = { ...config, batchSize, baseLearningRate };
  if (config.steps === 0) return published;
  const stepsPerEpoch = Math.max(1, Math.floor(imageCount / batchSize));
  return {
    ...published,
    epochs: Math.ceil(totalSteps / stepsPerEpoch),
    warmupEpochs: Math.ceil(warmupSteps / stepsPerEpoch),
  };
}
