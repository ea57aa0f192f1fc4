import type { Checkpoint } from '../checkpoint/checkpoint.ts';
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
  /** Runs a job when no step is in progress: at once while paused or ended, else after the present step. */
  runExclusive<Result>(job: () => Promise<Result>): Promise<Result>;
}

/** Number of steps that rates and the remaining time are averaged over. */
const TIMED_STEPS = 20;

/** Drives a trainer up to step `until`, by default to the end of its schedule. `clock` gives milliseconds. */
export function createTrainingLoop(
  trainer: Trainer,
  events: TrainingLoopEvents,
  clock: () => number,
  until: number = trainer.totalSteps,
): TrainingLoop {
  const lastStep = Math.min(until, trainer.totalSteps);
  let drawnStep = -1;
  let savedStep = trainer.step();
  let wanted: 'training' | 'paused' | 'stopped' = 'training';
  let wake: () => void = () => undefined;
  /** Serializes everything that uses the trainer. */
  const { run: runExclusive } = createSerialQueue();
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
    if (trainer.config.autosaveEverySteps === 0 || savedStep === trainer.step()) return;
    savedStep = trainer.step();
    await events.autosave(await trainer.checkpoint());
  };
  const oneStep = async (): Promise<void> => {
    const started = clock();
    const record = await trainer.next();
    events.step(record, judge(record), timing(clock() - started, trainer.dataWaitMs()));
    const { displayEverySteps, autosaveEverySteps } = trainer.config;
    if (record.step % displayEverySteps === 0) await draw();
    if (record.step % autosaveEverySteps === 0) await autosave();
  };
  const timing = (stepMs: number, dataWaitMs: number): StepTiming => {
    times.push({ stepMs, dataWaitMs });
    if (times.length > TIMED_STEPS) times.shift();
    const total = times.reduce((sum, time) => sum + time.stepMs, 0);
    const waited = times.reduce((sum, time) => sum + time.dataWaitMs, 0);
    const mean = total / times.length;
    const left = lastStep - trainer.step();
    return {
      stepMs,
      imagesPerSecond: (1000 * trainer.config.batchSize) / mean,
      etaSeconds: (left * mean) / 1000,
      dataWaitShare: total > 0 ? waited / total : 0,
    };
  };
  const whilePaused = async (): Promise<void> => {
    await runExclusive(autosave);
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
      await runExclusive(draw);
      while (trainer.step() < lastStep && wanted !== 'stopped') {
        if (wanted === 'paused') await whilePaused();
        else await runExclusive(oneStep);
        // A step on the CPU yields to no message, and one may be "stop" or "pause".
        await nextTask();
      }
      // The last state is drawn and saved, finished or stopped.
      await runExclusive(draw);
      await runExclusive(autosave);
      return trainer.step() < lastStep ? 'stopped' : 'finished';
    },
  };
}
