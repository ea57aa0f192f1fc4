import type { Position } from '../checkpoint/checkpoint.ts';
import { UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/engine.ts';
import type { StepRates, StepRecord } from '../signals/metrics.ts';
import type { Model } from '../slotcon/model.ts';
import type { Batch } from './batch.ts';
import type { Batches } from './batches.ts';
import { createLastGood, runsAhead } from './lastGood.ts';
import { meanMetrics, toRecord } from './stepMetrics.ts';
import { countBatches, type StepProgram, type StepRun } from './stepProgram.ts';

/** The steps of a run, in order. Calls must not overlap. */
export interface Steps {
  /** Position after the latest step that was returned. */
  position(): Position;
  /** See `Trainer.next`. */
  next(ahead: boolean): Promise<StepRecord>;
  /** See `Trainer.settle`. */
  settle(): Promise<StepRecord | undefined>;
  isSettled(): boolean;
  /** Time that the device waited for images before the step returned last was done, in ms of `clock`. */
  dataWaitMs(): number;
  /** See `StepTiming`. */
  hostBytesPerStep(): number | undefined;
  dispose(): void;
}

export interface StepsPorts {
  readonly engine: Engine;
  readonly model: Model;
  readonly stepProgram: StepProgram;
  readonly batches: Batches;
  /** Where to begin. */
  readonly position: Position;
  ratesAt(step: number): StepRates;
  readonly clock: () => number;
}

/** A step that was submitted and not returned yet. */
interface StepInFlight {
  /** Before the step. */
  readonly position: Position;
  readonly rates: StepRates;
  /** Of each of its batches. */
  readonly runs: Promise<StepRun>[];
  /** When the numbers, or the error, of the latest of them were there; Infinity until then. */
  arrivedAt: number;
}

export function createSteps(ports: StepsPorts): Steps {
  const { engine, model, stepProgram, batches, ratesAt, clock } = ports;
  const lastGood = createLastGood(engine, model);
  const mayRunAhead = runsAhead(engine, model);
  let position = ports.position;
  let dataWaitMs = 0;
  let [submitted, hostBytes] = [0, 0];
  /** In the order of submission: between calls at most one, within `next` at most two. */
  let inFlight: readonly StepInFlight[] = [];

  const submitPiece = (step: StepInFlight, batch: Batch): void => {
    const { position: at, rates, runs } = step;
    const run = stepProgram.run(batch, { ...rates, step: at.step }, runs.length);
    runs.push(run);
    step.arrivedAt = Infinity;
    const arrive = (): void => {
      if (runs.at(-1) === run) step.arrivedAt = clock();
    };
    // An error is thrown when it is the step's turn to be returned.
    run.then(arrive, arrive);
  };
  /** Each batch of a step after its first is drawn while the one before computes. */
  const submit = async (at: Position, first: Batch): Promise<void> => {
    const step: StepInFlight = { position: at, rates: ratesAt(at.step), runs: [], arrivedAt: Infinity };
    lastGood.beforeStep(at);
    submitPiece(step, first);
    try {
      while (step.runs.length < model.config.accumulate) {
        const batch = await batches.get(at, step.runs.length);
        dataWaitMs += Math.max(0, clock() - step.arrivedAt);
        // No more than two in flight: what is uploaded for them takes memory.
        await Promise.allSettled(engine.queuesRuns ? step.runs.slice(0, -1) : step.runs);
        submitPiece(step, batch);
      }
    } catch (error) {
      await Promise.allSettled(step.runs);
      lastGood.undo();
      throw error;
    }
    inFlight = [...inFlight, step];
    submitted++;
  };
  const forget = (): void => {
    inFlight = [];
    lastGood.forget();
  };
  /** Awaits the earliest step in flight. */
  const arrival = async (): Promise<StepRecord> => {
    const [{ position: at, rates, runs }, ...later] = inFlight;
    try {
      const pieces = await Promise.all(runs);
      const metrics = meanMetrics(pieces);
      const record = toRecord(at.step + 1, metrics, rates);
      if (!Number.isFinite(record.loss) || !Number.isFinite(metrics.activations)) {
        // What was submitted after it began from its numbers.
        await Promise.all(later.flatMap((step) => step.runs));
        position = lastGood.restore();
        throw notFinite(record, position);
      }
      lastGood.confirm();
      for (const piece of pieces) countBatches(model, piece);
      inFlight = later;
      position = batches.after(at);
      return record;
    } catch (error) {
      forget();
      throw error;
    }
  };

  const next = async (ahead: boolean): Promise<StepRecord> => {
    dataWaitMs = 0;
    const uploaded = engine.uploadedBytes() ?? 0;
    if (inFlight.length === 0) {
      const requested = clock();
      const batch = await batches.get(position);
      dataWaitMs = clock() - requested;
      await submit(position, batch);
    }
    const [first] = inFlight;
    const following = batches.after(first.position);
    // Drawn on this thread while the device computes. An error is thrown when the batch is needed.
    const batch = await batches.get(following).catch(() => undefined);
    dataWaitMs += Math.max(0, clock() - first.arrivedAt);
    if (ahead && mayRunAhead && batch) await submit(following, batch);
    hostBytes += (engine.uploadedBytes() ?? 0) - uploaded;
    return arrival();
  };

  return {
    position: () => position,
    next,
    settle: async () => {
      dataWaitMs = 0;
      return inFlight.length === 0 ? undefined : arrival();
    },
    isSettled: () => inFlight.length === 0,
    dataWaitMs: () => dataWaitMs,
    hostBytesPerStep: () =>
      submitted === 0 || engine.uploadedBytes() === undefined ? undefined : Math.round(hostBytes / submitted),
    dispose: lastGood.dispose,
  };
}

function notFinite({ step, loss }: StepRecord, restored: Position): UserError {
  const what = Number.isFinite(loss) ? 'an activation' : `the loss (${loss})`;
  return new UserError(
    'training/not-finite',
    `In step ${step} ${what} is not finite. The state after step ${restored.step} was kept and can be downloaded. ` +
      'Lower the learning rate or lengthen the warmup, then continue from it.',
  );
}
