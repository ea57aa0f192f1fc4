import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { stepImages } from '../config/batchSize.ts';
import { nextTask } from '../lib/async/nextTask.ts';
import { createSerialQueue } from '../lib/async/serialQueue.ts';
import type { StepTiming, Verdict } from '../domain/reports.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { judge } from './health.ts';
import type { Watched } from '../inference/overlays.ts';
import type { Trainer } from './trainer.ts';

/** Callbacks of a run in progress; returned promises are awaited. */
export interface TrainingLoopEvents {
  step(record: StepRecord, verdict: Verdict, timing: StepTiming): void;
  overlays(step: number, watched: Watched): void;
  paused(step: number): void;
  continued(step: number): void;
  autosave(checkpoint: Checkpoint): void | Promise<void>;
}

export interface TrainingLoop {
  /** Trains until all steps are done, `stop`, or an error. Call once. */
  train(): Promise<'finished' | 'stopped'>;
  pause(): void;
  continue(): void;
  stop(): void;
  /** Saves the present state, unless it is saved already or autosave is off. */
  save(): Promise<void>;
  /** Runs a job when no step is in progress: at once while paused or ended, else after those that were submitted. */
  runExclusive<Result>(job: () => Promise<Result>): Promise<Result>;
}

export interface TrainingLoopOptions {
  /** Last step, by default that of the trainer's schedule. */
  readonly until?: number;
  /** Whether the caller will stop training, or use the model, after this step: the next one isn't submitted before. */
  readonly restsAfter?: (step: number) => boolean;
}

/** Number of steps that rates and the remaining time are averaged over. */
const TIMED_STEPS = 20;

/** Drives a trainer, a step ahead of its numbers where nothing else needs the model. `clock` gives milliseconds. */
export function createTrainingLoop(
  trainer: Trainer,
  events: TrainingLoopEvents,
  clock: () => number,
  { until = trainer.totalSteps, restsAfter = () => false }: TrainingLoopOptions = {},
): TrainingLoop {
  const lastStep = Math.min(until, trainer.totalSteps);
  const { displayEverySteps, autosaveEverySteps } = trainer.config;
  let drawnStep = -1;
  let savedStep = trainer.step();
  let wanted: 'training' | 'paused' | 'stopped' = 'training';
  let wake: () => void = () => undefined;
  /** When the step in flight began to be waited for: when the one before it was done. */
  let began: number | undefined;
  /** Error of a step that a job waited for: it ends the training, not the job. */
  let failure: { readonly error: unknown } | undefined;
  /** Serializes everything that uses the trainer. */
  const { run: serialize } = createSerialQueue();
  const times: { readonly stepMs: number; readonly dataWaitMs: number }[] = [];

  const want = (next: typeof wanted): void => {
    if (wanted === 'stopped') return;
    wanted = next;
    wake();
  };

  const draw = async (): Promise<void> => {
    if (drawnStep === trainer.step()) return;
    drawnStep = trainer.step();
    events.overlays(drawnStep, await trainer.overlays());
  };
  const autosave = async (): Promise<void> => {
    if (autosaveEverySteps === 0 || savedStep === trainer.step()) return;
    savedStep = trainer.step();
    await events.autosave(await trainer.checkpoint());
  };
  const deliver = async (record: StepRecord): Promise<void> => {
    const now = clock();
    events.step(record, judge(record), timing(now - (began ?? now), trainer.dataWaitMs()));
    began = now;
    if (record.step % displayEverySteps === 0) await draw();
    if (record.step % autosaveEverySteps === 0) await autosave();
  };
  const oneStep = async (): Promise<void> => {
    if (failure) throw failure.error;
    const step = trainer.step() + 1;
    const isLast = step >= lastStep || wanted !== 'training';
    const isUsed = step % displayEverySteps === 0 || step % autosaveEverySteps === 0 || restsAfter(step);
    const ahead = !isLast && !isUsed;
    began ??= clock();
    await deliver(await trainer.next({ ahead }));
    if (!ahead) began = undefined;
  };
  const settle = async (): Promise<void> => {
    if (failure) throw failure.error;
    const record = await trainer.settle();
    if (record) await deliver(record);
    began = undefined;
  };
  /** Runs a part of the training, after the step in flight. */
  const settled = (part: () => Promise<void>): Promise<void> => serialize(() => settle().then(part));
  const runExclusive = <Result>(job: () => Promise<Result>): Promise<Result> =>
    serialize(async () => {
      await settle().catch((error: unknown) => (failure ??= { error }));
      return job();
    });
  const timing = (stepMs: number, dataWaitMs: number): StepTiming => {
    times.push({ stepMs, dataWaitMs });
    if (times.length > TIMED_STEPS) times.shift();
    const total = times.reduce((sum, time) => sum + time.stepMs, 0);
    const waited = times.reduce((sum, time) => sum + time.dataWaitMs, 0);
    const mean = total / times.length;
    const left = lastStep - trainer.step();
    return {
      stepMs,
      imagesPerSecond: (1000 * stepImages(trainer.config)) / mean,
      etaSeconds: (left * mean) / 1000,
      dataWaitShare: total > 0 ? waited / total : 0,
      hostBytesPerStep: trainer.hostBytesPerStep(),
    };
  };
  const whilePaused = async (): Promise<void> => {
    await settled(autosave);
    events.paused(trainer.step());
    while (wanted === 'paused') await new Promise<void>((resolve) => (wake = resolve));
    if (wanted === 'training') events.continued(trainer.step());
  };

  return {
    runExclusive,
    save: () => runExclusive(autosave),
    pause: () => want('paused'),
    continue: () => want('training'),
    stop: () => want('stopped'),
    train: async () => {
      await settled(draw);
      while (trainer.step() < lastStep && wanted !== 'stopped') {
        if (wanted === 'paused') await whilePaused();
        else await serialize(oneStep);
        // A step on the CPU yields to no message, and one may be "stop" or "pause".
        await nextTask();
      }
      // The last state is drawn and saved, finished or stopped.
      await settled(draw);
      await settled(autosave);
      return trainer.step() < lastStep ? 'stopped' : 'finished';
    },
  };
}
