import { writeCheckpoint, type Checkpoint, type Position } from '../checkpoint/checkpoint.ts';
import { readState, writeState } from '../checkpoint/state.ts';
import type { Config } from '../config/fields.ts';
import { checkConfig, resolveSchedule } from '../config/parse.ts';
import { twoCrops } from '../data/augment.ts';
import { checkBatch } from '../data/checkBatch.ts';
import type { ImageSource, RgbImage } from '../data/image.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { UserError } from '../lib/errors.ts';
import { createRandom, type Random } from '../lib/random.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import type { Engine, Tensor } from '../ops/ops.ts';
import { createModel, discardModel, type Model } from '../slotcon/model.ts';
import type { Overlay, StepRecord } from './events.ts';
import { ratesAt } from './schedules.ts';
import { segmentationSize, teacherDots } from './segment.ts';
import type { Metrics } from './signals.ts';
import { assembleBatch, runStep, type HostBatch } from './stepper.ts';

/** One run: a model, its data, and where it stands. Calls must not overlap. */
export interface Trainer {
  readonly config: Config;
  readonly model: Model;
  readonly totalSteps: number;
  /** Steps done. */
  step(): number;
  /**
   * Trains one step. A loss that isn't finite throws `training/not-finite` after the last state whose loss was finite has
   * been put back.
   */
  next(): Promise<StepRecord>;
  /** The watched images with their slots, by the teacher. */
  overlays(): Promise<readonly Overlay[]>;
  checkpoint(): Promise<Uint8Array<ArrayBuffer>>;
  dispose(): void;
}

export interface TrainerOptions {
  readonly engine: Engine;
  readonly config: Config;
  readonly images: ImageSource;
  /** Continue from here; its config's architecture must be that of `config`. */
  readonly resume?: Checkpoint;
}

/** Throws UserErrors for settings that don't fit, too few images, or a checkpoint that doesn't match. */
export async function createTrainer({ engine, config, images, resume }: TrainerOptions): Promise<Trainer> {
  checkConfig(config);
  checkBatch(images, config.batchSize);
  const schedule = resolveSchedule(config, images.count);
  const root = createRandom(config.seed);
  const model = createModel(engine, config, root);
  let position: Position = { step: 0, epoch: 0, batch: 0 };
  try {
    if (resume) {
      writeState(engine, model, resume.tensors);
      position = resumePosition(resume, images);
    }
  } catch (error) {
    discardModel(engine, model);
    throw error;
  }
  const batches = createBatches(model, images, root);
  const lastGood = createLastGood(engine, model);

  const next = async (): Promise<StepRecord> => {
    const rates = ratesAt(position.step, config, schedule);
    const batch = await batches.get(position);
    lastGood.beforeStep(position);
    const pending = runStep(engine, model, batch, rates);
    const following = batches.after(position);
    // The next batch is drawn on this thread while the device computes.
    const [metrics] = await Promise.all([pending, batches.get(following)]);
    const { loss, activations } = metrics.scalars;
    if (!Number.isFinite(loss) || !Number.isFinite(activations)) {
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
    return toRecord(position.step, metrics, rates);
  };

  return {
    config,
    model,
    totalSteps: schedule.totalSteps,
    step: () => position.step,
    next,
    overlays: () => drawOverlays(engine, model, images),
    checkpoint: async () =>
      writeCheckpoint({
        config,
        position,
        datasetFingerprint: images.fingerprint,
        datasetName: images.name,
        imageCount: images.count,
        tensors: await readState(engine, model),
      }),
    dispose: () => {
      lastGood.dispose();
      discardModel(engine, model);
    },
  };
}

/** On other images than before the pass over the data starts anew; the step goes on. */
function resumePosition(resume: Checkpoint, images: ImageSource): Position {
  const same = resume.datasetFingerprint === images.fingerprint;
  return same ? resume.position : { step: resume.position.step, epoch: resume.position.epoch + 1, batch: 0 };
}

interface Batches {
  get(position: Position): Promise<HostBatch>;
  after(position: Position): Position;
}

/** Every epoch visits the images in an order of its own; the last, incomplete batch is left out as in the reference. */
function createBatches(model: Model, images: ImageSource, root: Random): Batches {
  const { config } = model;
  const batchesPerEpoch = Math.floor(images.count / config.batchSize);
  let order: { epoch: number; indices: readonly number[] } | undefined;
  let drawn: { key: string; batch: Promise<HostBatch> } | undefined;

  const draw = async ({ epoch, batch }: Position): Promise<HostBatch> => {
    if (order?.epoch !== epoch) order = { epoch, indices: root.fork(`order/${epoch}`).permutation(images.count) };
    const indices = order.indices.slice(batch * config.batchSize, (batch + 1) * config.batchSize);
    const samples = await Promise.all(
      indices.map(async (index) => twoCrops(await images.get(index), config, root.fork(`crop/${epoch}/${index}`))),
    );
    return assembleBatch(model, samples, config.cropSize, config.cropSize);
  };
  return {
    get: (position) => {
      const key = `${position.epoch}/${position.batch}`;
      if (drawn?.key !== key) drawn = { key, batch: draw(position) };
      return drawn.batch;
    },
    after: ({ step, epoch, batch }) =>
      batch + 1 < batchesPerEpoch
        ? { step: step + 1, epoch, batch: batch + 1 }
        : { step: step + 1, epoch: epoch + 1, batch: 0 },
  };
}

/** Keeps the state from before the last step whose loss was finite: a bad update shows only in the loss after it. */
function createLastGood(engine: Engine, model: Model) {
  interface Snapshot {
    readonly position: Position;
    readonly tensors: readonly Tensor[];
    readonly tracked: ReadonlyMap<string, number>;
  }
  const entries = [...model.entries.values()];
  let good: Snapshot | undefined;
  let candidate: Snapshot | undefined;
  const release = (snapshot: Snapshot | undefined): void =>
    snapshot?.tensors.forEach((tensor) => engine.release(tensor));
  return {
    beforeStep: (position: Position): void => {
      release(candidate);
      candidate = {
        position,
        tensors: entries.map(({ variable }) => engine.copy(variable)),
        tracked: new Map(model.batchesTracked),
      };
    },
    confirm: (): void => {
      release(good);
      good = candidate;
      candidate = undefined;
    },
    restore: (): Position => {
      const snapshot = (good ?? candidate)!;
      entries.forEach(({ variable }, index) => engine.assign(variable, snapshot.tensors[index]));
      for (const [norm, count] of snapshot.tracked) model.batchesTracked.set(norm, count);
      return snapshot.position;
    },
    dispose: (): void => {
      release(good);
      release(candidate);
      good = candidate = undefined;
    },
  };
}

function toRecord(
  step: number,
  { scalars, usage }: Metrics,
  rates: { lr: number; teacherMomentum: number },
): StepRecord {
  return {
    step,
    loss: scalars.loss,
    lossGroup: scalars.group1 + scalars.group2,
    lossSlot: scalars.slot1 + scalars.slot2,
    lr: rates.lr,
    teacherMomentum: rates.teacherMomentum,
    activeSlots: scalars.kept1 + scalars.kept2,
    assignmentEntropy: scalars.entropy,
    meanAssignmentEntropy: scalars.meanEntropy,
    agreement: scalars.agreement,
    featureCosine: scalars.featureCosine,
    biasRatio: scalars.biasRatio,
    usedPrototypes: usage.filter((share) => share > 0.005).length,
    usage,
  };
}

async function drawOverlays(engine: Engine, model: Model, images: ImageSource): Promise<readonly Overlay[]> {
  const { watchedImages, prototypes } = model.config;
  const size = segmentationSize(model.config);
  // Spread over the folder, so that neighbours in name, which tend to look alike, don't crowd the view.
  const count = Math.min(watchedImages, images.count);
  const indices = Array.from({ length: count }, (_, slot) => Math.floor((slot * images.count) / count));
  const squares: RgbImage[] = [];
  for (const index of indices) squares.push(resizeCenterCrop(await images.get(index), size, size, 'bilinear'));
  const { data, height, width } = await teacherDots(engine, model, squares, 'batch');
  const cells = height * width * prototypes;
  return squares.map((square, slot) => ({
    imageIndex: indices[slot],
    path: images.path(indices[slot]),
    size,
    rgb: square.data,
    labels: upsampleArgmax(data.subarray(slot * cells, (slot + 1) * cells), prototypes, height, width, size, size),
  }));
}
