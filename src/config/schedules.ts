import { checkBatch, stepImages } from './batchSize.ts';
import type { Config } from './fields.ts';

/** Lengths of a run, in steps. */
export interface Schedule {
  readonly totalSteps: number;
  readonly warmupSteps: number;
  /** Steps over which the teacher momentum rises to 1. */
  readonly momentumSteps: number;
  readonly peakLearningRate: number;
}

/** Schedule for a data set of `imageCount` images; an incomplete step at the end of an epoch is dropped. Throws `dataset/too-small`. */
export function resolveSchedule(config: Config, imageCount: number): Schedule {
  const { steps, warmupSteps, epochs, warmupEpochs, baseLearningRate, scaleLearningRate } = config;
  const peakLearningRate = baseLearningRate * (scaleLearningRate ? stepImages(config) / 256 : 1);
  if (steps > 0) {
    // A shortened run must still reach the peak rate and decay again: at most half of it is warmup.
    const warmup = Math.min(warmupSteps, Math.floor(steps / 2));
    return { totalSteps: steps, warmupSteps: warmup, momentumSteps: steps, peakLearningRate };
  }
  checkBatch(imageCount, config);
  const perStep = stepImages(config);
  const stepsPerEpoch = Math.floor(imageCount / perStep);
  const totalSteps = Math.floor(stepsPerEpoch * epochs);
  return {
    totalSteps,
    warmupSteps: Math.min(Math.floor(warmupEpochs * stepsPerEpoch), totalSteps - 1),
    // The published code counts these from the fractional number of batches: 184,823 against 184,800 steps on COCO.
    momentumSteps: Math.floor((imageCount / perStep) * epochs),
    peakLearningRate,
  };
}

export interface LearningRateSchedule {
  readonly peak: number;
  readonly warmupSteps: number;
  readonly warmupMultiplier: number;
  readonly totalSteps: number;
  readonly floor: number;
}

/**
 * Linear warmup from peak/multiplier to peak at step W, then a cosine to the floor over the remaining steps
 * (the reference steps its scheduler after the optimizer, so step 0 runs at peak/multiplier). Without warmup: cosine alone.
 */
export function learningRate(step: number, schedule: LearningRateSchedule): number {
  const { peak, warmupSteps, warmupMultiplier, totalSteps, floor } = schedule;
  if (warmupSteps > 0 && step <= warmupSteps) {
    return (peak / warmupMultiplier) * (((warmupMultiplier - 1) * step) / warmupSteps + 1);
  }
  const span = Math.max(1, totalSteps - warmupSteps);
  return floor + ((peak - floor) * (1 + Math.cos((Math.PI * (step - warmupSteps)) / span))) / 2;
}

/** m = 1 − (1 − m₀)(cos(πk/K) + 1)/2, from m₀ to 1. */
export function teacherMomentum(step: number, start: number, momentumSteps: number): number {
  return 1 - ((1 - start) * (Math.cos((Math.PI * step) / momentumSteps) + 1)) / 2;
}

/** Learning rate and teacher momentum of a 0-based step. */
export function ratesAt(step: number, config: Config, schedule: Schedule): { lr: number; teacherMomentum: number } {
  const { totalSteps, warmupSteps, momentumSteps, peakLearningRate: peak } = schedule;
  const { warmupMultiplier, minLearningRate: floor } = config;
  return {
    lr: learningRate(step, { peak, warmupSteps, warmupMultiplier, totalSteps, floor }),
    teacherMomentum: teacherMomentum(step, config.teacherMomentum, momentumSteps),
  };
}
