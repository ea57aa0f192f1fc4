import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import { presetConfig } from '../../config/presets.ts';
import { UserError } from '../../lib/errors.ts';
import type { Verdict } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';
import { createRecovery, type Recovery } from './recovery.ts';

const config = presetConfig('tiny');
const at = (step: number): Checkpoint => ({ position: { step, epoch: 0, batch: step } }) as Checkpoint;
const never = (): Promise<Checkpoint> => Promise.reject(new Error('must not be called'));
const step = (recovery: Recovery, number: number, level: Verdict['level'] = 'good'): void =>
  recovery.stepDone({ step: number } as StepRecord, { level, title: 'one slot took all', detail: 'Usage 1 of 8.' });
const lose = (recovery: Recovery) => recovery.afterError(new Error('device lost'), true, never);
const notFinite = new UserError('training/not-finite', 'The loss of step 9 is not finite. It was put back.');

describe('after a loss of the device', () => {
  it('a run continues from what was saved last, with its settings', async () => {
    const recovery = createRecovery(config);
    expect((await lose(recovery)).checkpoint).toBeUndefined();
    recovery.saved(at(2));
    recovery.saved(at(4));
    expect(await lose(recovery)).toMatchObject({ checkpoint: at(4), config });
  });

  it('it stops at the fourth without a new step in between, and reports the step', async () => {
    const recovery = createRecovery(config);
    step(recovery, 5);
    recovery.saved(at(4));
    for (let loss = 1; loss <= 3; loss++) {
      await lose(recovery);
      // Steps that were trained before don't count.
      step(recovery, 5);
    }
    await expect(lose(recovery)).rejects.toMatchObject({
      code: 'gpu/lost-again',
      message: expect.stringMatching(
        /4 times in a row, after step 5\. The state after step 4 is kept.*"Batch size" and raise "Accumulate"/,
      ) as string,
    });
  });

  it('a new step resets the count of losses', async () => {
    const recovery = createRecovery(config);
    for (let number = 1; number <= 10; number++) {
      for (let loss = 1; loss <= 3; loss++) await lose(recovery);
      step(recovery, number);
    }
    await expect(lose(recovery)).resolves.toBeDefined();
  });
});

describe('when numbers are not finite', () => {
  it('a run goes back once, with half the learning rate, and the second time stops', async () => {
    const recovery = createRecovery(config);
    const restart = await recovery.afterError(notFinite, false, () => Promise.resolve(at(8)));
    const baseLearningRate = config.baseLearningRate / 2;
    expect(restart).toMatchObject({ checkpoint: at(8), config: { ...config, baseLearningRate } });
    expect(restart.note).toContain(`step 8 and continues with half the base learning rate`);
    // The lower rate stays after a loss of the device.
    expect((await lose(recovery)).config.baseLearningRate).toBe(baseLearningRate);
    await expect(recovery.afterError(notFinite, false, never)).rejects.toMatchObject({
      code: 'training/not-finite',
      message: expect.stringContaining('had gone back once before') as string,
    });
  });

  it('another error is passed on', async () => {
    const other = new UserError('dataset/too-small', 'Too few images.');
    await expect(createRecovery(config).afterError(other, false, never)).rejects.toBe(other);
  });
});

describe('when the slots collapse', () => {
  it('a run goes back to what was saved before, once', () => {
    const recovery = createRecovery(config);
    recovery.saved(at(10));
    for (let number = 11; number <= 60; number++) {
      expect(recovery.hasCollapsed()).toBe(false);
      step(recovery, number, 'alarm');
      recovery.saved(at(number));
    }
    expect(recovery.hasCollapsed()).toBe(true);
    const restart = recovery.afterCollapse();
    expect(restart.checkpoint).toEqual(at(10));
    expect(restart.config.baseLearningRate).toBe(config.baseLearningRate / 2);
    expect(restart.note).toContain('At step 60, one slot took all. Usage 1 of 8.');
    expect(recovery.hasCollapsed()).toBe(false);
    for (let number = 11; number <= 60; number++) step(recovery, number, 'alarm');
    expect(recovery.hasCollapsed()).toBe(true);
    expect(() => recovery.afterCollapse()).toThrow(/collapsed again after the run had gone back once/);
  });

  it('alarms that pass don’t count', () => {
    const recovery = createRecovery(config);
    recovery.saved(at(1));
    for (let number = 1; number <= 200; number++) step(recovery, number, number % 50 === 0 ? 'good' : 'alarm');
    expect(recovery.hasCollapsed()).toBe(false);
  });
});
