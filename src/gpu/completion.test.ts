import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { completed, measureCompletion } from './completion.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A device whose work is done at once, and reported after `lookMs` or at the next submission. */
function deviceThatLooks(lookMs: number) {
  const waiting: (() => void)[] = [];
  const look = (): void => waiting.splice(0).forEach((report) => report());
  const submit = vi.fn(look);
  const onSubmittedWorkDone = (): Promise<void> => {
    setTimeout(look, lookMs);
    return new Promise((report) => waiting.push(report));
  };
  return { device: { queue: { submit, onSubmittedWorkDone } } as unknown as GPUDevice, submit };
}

async function measured(lookMs: number) {
  const fake = deviceThatLooks(lookMs);
  const done = measureCompletion(fake.device);
  await vi.advanceTimersByTimeAsync(1000);
  await done;
  fake.submit.mockClear();
  return fake;
}

/** Resolves to the duration of two waits at once. */
async function wait(device: GPUDevice): Promise<number> {
  const from = performance.now();
  const { queue } = device;
  const works = [queue.onSubmittedWorkDone(), queue.onSubmittedWorkDone()];
  const both = Promise.all(works.map((work) => completed(device, work)));
  const until = both.then(() => performance.now());
  await vi.advanceTimersByTimeAsync(1000);
  return (await until) - from;
}

it('where the browser looks every 100 ms, a wait makes it look at once and then leaves it alone', async () => {
  const { device, submit } = await measured(100);
  expect(await wait(device)).toBeLessThan(3);
  expect(await wait(device)).toBeLessThan(3);
  expect(submit).toHaveBeenCalledTimes(2);
});

it('where work is reported soon, nothing is submitted', async () => {
  const { device, submit } = await measured(4);
  expect(await wait(device)).toBe(4);
  expect(submit).not.toHaveBeenCalled();
});

it('a wait that fails ends the looking', async () => {
  const { device, submit } = await measured(100);
  await expect(completed(device, Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  await vi.advanceTimersByTimeAsync(1000);
  expect(submit).not.toHaveBeenCalled();
});
