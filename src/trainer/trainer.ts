import type { Checkpoint, Position } from '../checkpoint/checkpoint.ts';
import { stateDict, loadStateDict } from '../checkpoint/stateDict.ts';
import { checkBatch } from '../config/batchSize.ts';
import type { Config } from '../config/fields.ts';
import { resolveSchedule, ratesAt } from '../config/schedules.ts';
import { checkConfig } from '../config/validate.ts';
import type { ImageSource } from '../domain/images.ts';
import { UserError } from '../lib/errors.ts';
import { NO_CLASSES, type PrototypeClasses } from '../domain/classes.ts';
import { createRandom } from '../lib/random.ts';
import type { Engine } from '../ops/engine.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';
import { createBatches, type Batches } from './batches.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { createLastGood } from './lastGood.ts';
import { drawOverlays, type Watched } from '../inference/overlays.ts';
import { toRecord } from './stepMetrics.ts';
import { createStepProgram, type StepProgram } from './stepProgram.ts';
import { createOverlayInference } from '../inference/overlayInference.ts';

/** One run: a model, its data and its position. Calls must not overlap. */
export interface Trainer {
  readonly config: Config;
  readonly model: Model;
  readonly images: ImageSource;
  readonly totalSteps: number;
  /** Number of steps done. */
  step(): number;
  /**
   * Trains one step. If the loss isn't finite, restores the last state with a finite loss and throws
   * `training/not-finite`.
   */
  next(): Promise<StepRecord>;
  /** Time that the latest step waited for images, in ms of `clock`. */
  dataWaitMs(): number;
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
  checkBatch(images.count, config.batchSize, images.name);
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
      position = resumePosition(resume, images);
    }
    const size = { count: config.batchSize, height: config.cropSize, width: config.cropSize };
    stepProgram = await createStepProgram(engine, model, size, undefined, onProgress);
    batches = await createBatches(engine, model, images, root);
  } catch (error) {
    stepProgram?.dispose();
    discardModel(engine, model);
    throw error;
  }
  const lastGood = createLastGood(engine, model);
  const inference = createOverlayInference(engine, model);

  let dataWaitMs = 0;

  const next = async (): Promise<StepRecord> => {
    let computed = 0;
    const rates = ratesAt(position.step, config, schedule);
    const requested = clock();
    const batch = await batches.get(position);
    dataWaitMs = clock() - requested;
    lastGood.beforeStep(position);
    const pending = stepProgram.run(batch, { ...rates, step: position.step });
    const following = batches.after(position);
    // The next batch is drawn on this thread while the device computes.
    const drawn = batches.get(following);
    const [metrics] = await Promise.all([pending.finally(() => (computed = clock())), drawn]);
    dataWaitMs += clock() - computed;
    const record = toRecord(position.step + 1, metrics, rates);
    const { loss } = record;
    if (!Number.isFinite(loss) || !Number.isFinite(metrics.activations)) {
      const failed = position.step + 1;
      const what = Number.isFinite(loss) ? 'an activation' : `the loss (${loss})`;
      position = lastGood.restore();
      throw new UserError(
        'training/not-finite',
        `In step ${failed} ${what} is not finite. The state after step ${position.step} was kept and can be downloaded. ` +
          'Lower the learning rate or lengthen the warmup, then continue from it.',
      );
    }
    lastGood.confirm();
    position = following;
    return record;
  };

  return {
    config,
    model,
    images,
    totalSteps: schedule.totalSteps,
    step: () => position.step,
    next,
    dataWaitMs: () => dataWaitMs,
    overlays: () => drawOverlays(inference, images, position.step),
    checkpoint: async () => ({
      config,
      position,
      datasetFingerprint: images.fingerprint,
      datasetName: images.name,
      imageCount: images.count,
      classes,
      tensors: await stateDict(engine, model),
    }),
    setClasses: (next) => (classes = next),
    dispose: () => {
      stepProgram.dispose();
      batches.dispose();
      inference.dispose();
      lastGood.dispose();
      discardModel(engine, model);
    },
  };
}

/** On other images than before, resumes at the same step with a new epoch. */
function resumePosition(resume: Checkpoint, images: ImageSource): Position {
  const same = resume.datasetFingerprint === images.fingerprint;
  return same ? resume.position : { step: resume.position.step, epoch: resume.position.epoch + 1, batch: 0 };
}
