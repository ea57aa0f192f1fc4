import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { makeConfig } from '../config/parse.ts';
import { stepRecord } from '../testing/fakeRun.ts';
import { createTrainingLoop, type TrainingLoopEvents } from './trainingLoop.ts';
import type { Trainer } from './trainer.ts';

const RECORD = stepRecord({ loss: 1, agreement: 0.7, usedPrototypes: 6, usage: [0.5, 0.5] });

/** Training loop of a fake trainer that only counts steps, with a log of its events. */
function setUp(overrides: { steps?: number; until?: number; failAt?: number } = {}) {
  const log: string[] = [];
  const fractions: number[] = [];
  let done = 0;
  const steps = overrides.steps ?? 4;
  const trainer = {
    config: makeConfig(presetConfig('tiny'), { steps, displayEverySteps: 2, autosaveEverySteps: 3 }),
    totalSteps: steps,
    step: () => done,
    dataWaitMs: () => 100,
    next: async () => {
      if (done + 1 === overrides.failAt) throw new Error('broken');
      done += 1;
      return { ...RECORD, step: done };
    },
    overlays: async () => [],
    checkpoint: async () => ({ position: { step: done } }),
  } as unknown as Trainer;
  const hooks: { step?: (step: number) => void } = {};
  const events: TrainingLoopEvents = {
    step: ({ step }, _, timing) => {
      log.push(`step ${step} eta ${timing.etaSeconds}`);
      fractions.push(timing.dataWaitShare);
      hooks.step?.(step);
    },
    overlays: (step) => void log.push(`overlays ${step}`),
    paused: (step) => void log.push(`paused ${step}`),
    continued: (step) => void log.push(`continued ${step}`),
    autosave: ({ position }) => void log.push(`autosave ${position.step}`),
  };
  let now = 0;
  const run = createTrainingLoop(trainer, events, () => (now += 500), overrides.until);
  return { log, fractions, hooks, run };
}

describe('a run', () => {
  it('trains to the end, draws and saves at intervals, and reports the remaining time', async () => {
    const { log, fractions, run } = setUp();
    await expect(run.train()).resolves.toBe('finished');
    expect(fractions, '100 ms of 500').toEqual([0.2, 0.2, 0.2, 0.2]);
    expect(log).toEqual([
      ...['overlays 0', 'step 1 eta 1.5', 'step 2 eta 1', 'overlays 2'],
      ...['step 3 eta 0.5', 'autosave 3', 'step 4 eta 0', 'overlays 4', 'autosave 4'],
    ]);
  });

  it('ends at `until`, before the end of its schedule', async () => {
    const { log, run } = setUp({ until: 3 });
    await expect(run.train()).resolves.toBe('finished');
    expect(log.slice(-3)).toEqual(['step 3 eta 0', 'autosave 3', 'overlays 3']);
  });

  it('pauses after the step in progress and saves it, runs jobs meanwhile, and continues', async () => {
    const { log, hooks, run } = setUp();
    hooks.step = (step) => step === 2 && run.pause();
    const end = run.train();
    await expect.poll(() => log.at(-1)).toBe('paused 2');
    await run.runExclusive(async () => log.push('job'));
    run.continue();
    await expect(end).resolves.toBe('finished');
    const at = log.indexOf('paused 2');
    expect(log.slice(at - 1, at + 4)).toEqual(['autosave 2', 'paused 2', 'job', 'continued 2', 'step 3 eta 0.5']);
  });

  it('runs jobs between steps', async () => {
    const { log, hooks, run } = setUp();
    hooks.step = (step) => step === 1 && void run.runExclusive(async () => log.push('job'));
    await run.train();
    expect(log.indexOf('job')).toBe(log.indexOf('step 1 eta 1.5') + 1);
  });

  it('stops, also while paused', async () => {
    const { log, hooks, run } = setUp();
    hooks.step = (step) => step === 1 && run.pause();
    const end = run.train();
    await expect.poll(() => log.at(-1)).toBe('paused 1');
    run.stop();
    await expect(end).resolves.toBe('stopped');
    expect(log.slice(-2)).toEqual(['paused 1', 'overlays 1']);
  });

  it('lets a message stop it between steps that wait for nothing', async () => {
    const { run } = setUp({ steps: 1000 });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      run.stop();
    };
    port2.postMessage('stop');
    await expect(run.train()).resolves.toBe('stopped');
  });

  it('rejects with the error of a step and still runs jobs afterwards', async () => {
    const { run } = setUp({ failAt: 2 });
    await expect(run.train()).rejects.toThrow('broken');
    await expect(run.runExclusive(async () => 'saved')).resolves.toBe('saved');
  });
});
