import { beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { openWebGpu } from '../gpu/device.ts';
import { defined } from '../lib/defined.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { StepRecord } from '../signals/metrics.ts';
import { breaking } from '../testing/breakingEngine.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';
import { testEngine } from '../testing/testEngine.ts';
import { createTrainer } from './trainer.ts';
import { createTrainingLoop, type TrainingLoop } from './trainingLoop.ts';

/** 10 images in batches of 4: an epoch is 2 steps. */
const STEPS = 20;
const config = makeConfig(presetConfig('tiny'), {
  ...SMALL_RUN,
  stages: 1,
  watchedImages: 1,
  steps: STEPS,
  displayEverySteps: 7,
  autosaveEverySteps: 3,
});
const images = sampleScenes(10, 0);
const NUMBERS = Array.from({ length: STEPS }, (_, index) => index + 1);

const opened = testEngine('compiled');
/** Records of an uninterrupted run that waits for every step, and its states from the first on. */
const expected: { records: StepRecord[]; states: Checkpoint[] } = { records: [], states: [] };
beforeAll(async () => {
  const trainer = await createTrainer({ engine: opened(), config, images });
  expected.states.push(await trainer.checkpoint());
  for (const step of NUMBERS) {
    expected.records.push(await trainer.next());
    expect(trainer.step()).toBe(step);
    expected.states.push(await trainer.checkpoint());
  }
  trainer.dispose();
});

/** Trains by a loop, from a file or from the start, and returns what it leaves behind. */
async function train(from: Uint8Array | undefined, onStep: (step: number, loop: TrainingLoop) => void) {
  const records: StepRecord[] = [];
  const pauses: number[] = [];
  let file = from;
  const trainer = await createTrainer({
    engine: opened(),
    config,
    images,
    ...(from && { resume: readCheckpoint(from) }),
  });
  const loop = createTrainingLoop(
    trainer,
    {
      step: (record) => {
        records.push(record);
        onStep(record.step, loop);
      },
      overlays: () => undefined,
      paused: (step) => {
        pauses.push(step);
        loop.continue();
      },
      continued: () => undefined,
      autosave: (checkpoint) => void (file = writeCheckpoint(checkpoint)),
    },
    () => performance.now(),
  );
  const outcome = await loop.train().catch((error: unknown) => (error as Error).message);
  trainer.dispose();
  return { outcome, records, file, pauses };
}

const finalState = (file: Uint8Array | undefined): Checkpoint => readCheckpoint(defined(file));

describe('a run whose steps are submitted ahead', () => {
  it('has the records and the states of one that waits', async () => {
    const { records, file } = await train(undefined, () => undefined);
    expect(records).toEqual(expected.records);
    expect(finalState(file)).toEqual(expected.states[STEPS]);
  });

  it('has them when it is paused in every step', async () => {
    const { records, file, pauses } = await train(undefined, (_, loop) => loop.pause());
    expect(records).toEqual(expected.records);
    expect(finalState(file)).toEqual(expected.states[STEPS]);
    // A step in flight is awaited: a pause comes one step late at most.
    expect(pauses.every((step, index) => step - (pauses[index - 1] ?? 0) <= 2)).toBe(true);
  });

  it('has them however often it is stopped: in every step', async () => {
    for (const at of NUMBERS) {
      const start = writeCheckpoint(expected.states[at - 1]);
      const { outcome, records, file } = await train(start, (step, loop) => step === at && loop.stop());
      const last = at - 1 + records.length;
      expect([at, at + 1]).toContain(last);
      expect(outcome).toBe(last < STEPS ? 'stopped' : 'finished');
      expect(records).toEqual(expected.records.slice(at - 1, last));
      expect(finalState(file)).toEqual(expected.states[last]);
    }
  });

  it('has them however often it is killed, and continued from its last checkpoint: in every step', async () => {
    let file: Uint8Array | undefined;
    for (const at of [...NUMBERS, Infinity]) {
      const from = file ? finalState(file).position.step : 0;
      const life = await train(file, (step) => {
        if (step === at) throw new Error('killed');
      });
      expect(life.outcome).toBe(at <= STEPS ? 'killed' : 'finished');
      expect(life.records).toEqual(expected.records.slice(from, at));
      ({ file } = life);
    }
    expect(finalState(file)).toEqual(expected.states[STEPS]);
  });

  it('goes back as far as one that waits where a step is not finite: in every step', async () => {
    let untilBroken = Infinity;
    const trainer = await createTrainer({ engine: breaking(opened(), () => untilBroken-- === 0), config, images });
    for (const at of NUMBERS) {
      untilBroken = at - 1 - trainer.step();
      const next = () => trainer.next({ ahead: trainer.step() + 1 < STEPS });
      while (trainer.step() < at - 1) expect(await next()).toEqual(expected.records[trainer.step() - 1]);
      // The state before the last step whose loss is finite: that step may have gone too far.
      const kept = Math.max(0, at - 2);
      const message = new RegExp(`^In step ${at} .* is not finite. The state after step ${kept} was kept`);
      await expect(next()).rejects.toThrow(message);
      expect(await trainer.checkpoint()).toEqual(expected.states[kept]);
    }
    trainer.dispose();
  });

  it('rejects when the device is lost with two steps in flight, and keeps what was returned', async () => {
    const own = defined(await openWebGpu(navigator.gpu));
    const trainer = await createTrainer({ engine: await createEngine(own), config, images });
    expect(await trainer.next({ ahead: true })).toEqual(expected.records[0]);
    const second = trainer.next({ ahead: true });
    own.device.destroy();
    await expect(second).rejects.toThrow();
    expect(trainer.step()).toBe(1);
    expect(await trainer.settle()).toBeUndefined();
  });
});
