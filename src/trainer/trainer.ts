import type { Checkpoint, Position } from '../checkpoint/checkpoint.ts';
import { stateDict, loadStateDict } from '../checkpoint/stateDict.ts';
import { checkBatch, stepImages } from '../config/batchSize.ts';
import type { Config } from '../config/fields.ts';
import { resolveSchedule, ratesAt } from '../config/schedules.ts';
import { checkConfig } from '../config/validate.ts';
import type { ImageSource } from '../domain/images.ts';
import { NO_CLASSES, type PrototypeClasses } from '../domain/classes.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';
import { createBatches, type Batches } from './batches.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { drawOverlays, type Watched } from '../inference/overlays.ts';
import { createSteps } from './steps.ts';
import { createStepProgram, type StepProgram } from './stepProgram.ts';
import { createOverlayInference } from '../inference/overlayInference.ts';

/** One run: a model, its data and its position. Calls must not overlap. */
export interface Trainer {
  readonly config: Config;
  readonly model: Model;
  readonly images: ImageSource;
  readonly totalSteps: number;
  /** Number of steps done, without one in flight. */
  step(): number;
  /**
   * Returns the record of the next step. With `ahead`, the step after it may be submitted before, so that the device needn't wait:
   * then that one is in flight until the next call. If the loss isn't finite, restores the last state with a finite loss, discards
   * what is in flight and throws `training/not-finite`.
   */
  next(options?: { readonly ahead?: boolean }): Promise<StepRecord>;
  /** Awaits a step in flight and returns its record, as `next` does. Call it before anything else that uses the model. */
  settle(): Promise<StepRecord | undefined>;
  /** Time that the device waited for images before the latest step was done, in ms of `clock`. */
  dataWaitMs(): number;
  /** See `StepTiming`. */
  hostBytesPerStep(): number | undefined;
  /** Segments the watched images with the teacher, and measures the health of both networks on them. */
  overlays(): Promise<Watched>;
  checkpoint(): Promise<Checkpoint>;
  /** Sets the classes to save with checkpoints. */
  setClasses(classes: PrototypeClasses): void;
  dispose(): void;
}

export interface TrainerOptions {
  readonly engine: Engine;
  readonly config: Config;
  readonly images: ImageSource;
  /** Checkpoint to resume from; its architecture must be that of `config`. */
  readonly resume?: Checkpoint;
  /** Called with the compiled fraction of the training step, from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
  /** Milliseconds. */
  readonly clock?: () => number;
}

/** Throws UserErrors for settings that don't fit, too few images, or a checkpoint that doesn't match. */
export async function createTrainer(options: TrainerOptions): Promise<Trainer> {
  const { engine, config, images, resume, onProgress, clock = Date.now } = options;
  checkConfig(config);
  checkBatch(images.count, config, images.name);
  const schedule = resolveSchedule(config, images.count);
  const root = createRandom(config.seed);
  const model = createModel(engine, config, root);
  let position: Position = { step: 0, epoch: 0, batch: 0 };
  let classes = resume?.classes ?? NO_CLASSES;
  let stepProgram: StepProgram | undefined;
  let batches: Batches;
  try {
    if (resume) {
      loadStateDict(engine, model, resume.tensors);
      position = resumePosition(resume, config, images);
    }
    const size = { count: config.batchSize, height: config.cropSize, width: config.cropSize };
    stepProgram = await createStepProgram(engine, model, size, undefined, onProgress);
    batches = await createBatches(engine, model, images, root);
  } catch (error) {
    stepProgram?.dispose();
    discardModel(engine, model);
    throw error;
  }
  const steps = createSteps({
    engine,
    model,
    stepProgram,
    batches,
    position,
    ratesAt: (step) => ratesAt(step, config, schedule),
    clock,
  });
  const inference = createOverlayInference(engine, model);
  /** The position of the model as it is on the device. */
  const settledPosition = (): Position => {
    if (!steps.isSettled()) throw new Error('a step is in flight: settle first');
    return steps.position();
  };

  return {
    config,
    model,
    images,
    totalSteps: schedule.totalSteps,
    step: () => steps.position().step,
    next: ({ ahead = false } = {}) => steps.next(ahead),
    settle: steps.settle,
    dataWaitMs: steps.dataWaitMs,
    hostBytesPerStep: steps.hostBytesPerStep,
    overlays: async () => drawOverlays(inference, images, settledPosition().step),
    checkpoint: async () => ({
      config,
      position: settledPosition(),
      datasetFingerprint: images.fingerprint,
      datasetName: images.name,
      imageCount: images.count,
      classes,
      kernels: engine.kernels(),
      tensors: await stateDict(engine, model),
    }),
    setClasses: (next) => (classes = next),
    dispose: () => {
      stepProgram.dispose();
      batches.dispose();
      inference.dispose();
      steps.dispose();
      discardModel(engine, model);
    },
  };
}

/**
 * Resumes at the same step: on other images than before with a new epoch, with another number of images a step after those that
 * the epoch has shown.
 */
function resumePosition({ position, ...saved }: Checkpoint, config: Config, images: ImageSource): Position {
  const perStep = stepImages(config);
  const batch = Math.ceil((position.batch * stepImages(saved.config)) / perStep);
  const goesOn = saved.datasetFingerprint === images.fingerprint && batch < Math.floor(images.count / perStep);
  return goesOn ? { ...position, batch } : { step: position.step, epoch: position.epoch + 1, batch: 0 };
}
