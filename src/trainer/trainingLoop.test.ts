import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { makeConfig } from '../config/parse.ts';
import { stepRecord } from '../testing/fakeRun.ts';
import { createTrainingLoop, type TrainingLoopEvents } from './trainingLoop.ts';
import type { Trainer } from './trainer.ts';

const RECORD = stepRecord({ loss: 1, agreement: 0.7, usedPrototypes: 6, usage: [0.5, 0.5] });

interface SetUp {
  readonly steps?: number;
  readonly failAt?: number;
  readonly runsAhead?: boolean;
  readonly until?: number;
  readonly restsAfter?: (step: number) => boolean;
}

/** Training loop of a fake trainer that only counts steps, with a log of its events. */
function setUp(overrides: SetUp = {}) {
  const log: string[] = [];
  const fractions: number[] = [];
  let done = 0;
  let isInFlight = false;
  const steps = overrides.steps ?? 4;
  const nextRecord = () => {
    isInFlight = false;
    if (done + 1 === overrides.failAt) throw new Error('broken');
    done += 1;
    return { ...RECORD, step: done };
  };
  /** Number of steps done, for what uses the model. */
  const settledStep = (): number => {
    expect(isInFlight, `a step in flight after step ${done}`).toBe(false);
    return done;
  };
  const trainer = {
    config: makeConfig(presetConfig('tiny'), { steps, displayEverySteps: 2, autosaveEverySteps: 3 }),
    totalSteps: steps,
    step: () => done,
    dataWaitMs: () => 100,
    hostBytesPerStep: () => undefined,
    next: async ({ ahead = false } = {}) => {
      const record = nextRecord();
      isInFlight = ahead && overrides.runsAhead === true;
      return record;
    },
    settle: async () => (isInFlight ? nextRecord() : undefined),
    overlays: async () => settledStep(),
    checkpoint: async () => ({ position: { step: settledStep() } }),
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
  const run = createTrainingLoop(trainer, events, () => (now += 500), { ...overrides });
  return { log, fractions, hooks, run, settledStep };
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

describe('a trainer that runs ahead', () => {
  const NUMBERS = Array.from({ length: 20 }, (_, index) => index + 1);
  const waiting = async () => {
    const { log, run } = setUp({ steps: 20 });
    await run.train();
    return log;
  };
  /** A run of 20 steps, with something done in one of them. */
  const ahead = (at: number, act: (run: ReturnType<typeof setUp>['run']) => void, more: SetUp = {}) => {
    const set = setUp({ steps: 20, runsAhead: true, ...more });
    set.hooks.step = (step) => step === at && act(set.run);
    return set;
  };

  it('leads to the same events in the same order', async () => {
    const { log, run } = ahead(0, () => undefined);
    await run.train();
    expect(log).toEqual(await waiting());
  });

  it.each(NUMBERS)(
    'is paused in step %i, or after the step in flight, and goes on as if nothing had been',
    async (at) => {
      const { log, run } = ahead(at, () => run.pause());
      const end = run.train();
      const isPaused = () => log.some((line) => line.startsWith('paused'));
      await expect.poll(() => isPaused() || log.includes('autosave 20'), { interval: 1 }).toBe(true);
      run.continue();
      await expect(end).resolves.toBe('finished');
      const steps = (lines: readonly string[]) => lines.filter((line) => /^(step|overlays)/.test(line));
      expect(steps(log)).toEqual(steps(await waiting()));
      const pause = log.findIndex((line) => line.startsWith('paused'));
      if (at === 20) return;
      const paused = Number(log[pause].split(' ')[1]);
      expect([at, at + 1]).toContain(paused);
      expect(log.slice(0, pause)).toContain(`autosave ${paused}`);
      expect(log[pause + 1]).toBe(`continued ${paused}`);
    },
  );

  it.each(NUMBERS)('is stopped in step %i: the last state is drawn and saved', async (at) => {
    const { log, run, settledStep } = ahead(at, () => run.stop());
    const outcome = await run.train();
    const last = settledStep();
    expect([at, at + 1]).toContain(last);
    expect(outcome).toBe(last < 20 ? 'stopped' : 'finished');
    expect(log).toEqual(expect.arrayContaining([`overlays ${last}`, `autosave ${last}`]));
  });

  it.each(NUMBERS)('has no step in flight in a job that is given in step %i', async (at) => {
    const seen: number[] = [];
    const { log, run, settledStep } = ahead(at, () => void run.runExclusive(async () => seen.push(settledStep())));
    await run.train();
    expect([at, at + 1]).toContain(seen[0]);
    expect(log).toEqual(await waiting());
  });

  it('has none after the steps at which the caller uses the model', async () => {
    const uses = [1, 5, 11];
    const { hooks, run, settledStep } = setUp({
      steps: 20,
      runsAhead: true,
      restsAfter: (step) => uses.includes(step),
    });
    hooks.step = (step) => uses.includes(step) && expect(settledStep()).toBe(step);
    await expect(run.train()).resolves.toBe('finished');
  });

  it.each(NUMBERS)('ends with the error of step %i, also where a job waits for it', async (at) => {
    const { log, run } = ahead(at - 1, () => void (saved = run.runExclusive(async () => 'saved')), { failAt: at });
    let saved: Promise<string> | undefined;
    await expect(run.train()).rejects.toThrow('broken');
    expect(log.filter((line) => line.startsWith('step'))).toHaveLength(at - 1);
    if (at > 1) await expect(saved).resolves.toBe('saved');
    await expect(run.runExclusive(async () => 'later')).resolves.toBe('later');
  });

  it('reports the time between two steps as that of a step', async () => {
    const { fractions, run } = setUp({ steps: 20, runsAhead: true });
    await run.train();
    expect(new Set(fractions), '100 ms of 500').toEqual(new Set([0.2]));
  });
});
