import { expect, it } from 'vitest';
import { defined } from '../defined.ts';
import { createSerialQueue } from './serialQueue.ts';

it('runs one job at a time, in order', async () => {
  const queue = createSerialQueue();
  const log: string[] = [];
  const waiting: (() => void)[] = [];
  const job = (name: string) => async (): Promise<string> => {
    log.push(`${name} begins`);
    await new Promise<void>((resolve) => waiting.push(resolve));
    log.push(`${name} ends`);
    return name;
  };
  const results = Promise.all([queue.run(job('a')), queue.run(job('b')), queue.run(() => 'c')]);
  for (let released = 0; released < 2; released++) {
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    defined(waiting.shift())();
  }
  expect(await results).toEqual(['a', 'b', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('passes the error of a job to its caller, and runs the next', async () => {
  const queue = createSerialQueue();
  const rejected = queue.run(() => Promise.reject(new Error('rejected')));
  const thrown = queue.run(() => {
    throw new Error('thrown');
  });
  const next = queue.run(() => 'next');
  await expect(rejected).rejects.toThrow('rejected');
  await expect(thrown).rejects.toThrow('thrown');
  await expect(next).resolves.toBe('next');
});

it('is idle when every job has settled, those that failed too', async () => {
  const queue = createSerialQueue();
  await queue.idle();
  let done = 0;
  const failing = queue.run(() => Promise.reject(new Error('rejected')));
  void queue.run(async () => {
    await Promise.resolve();
    done = 1;
  });
  await queue.idle();
  expect(done).toBe(1);
  await expect(failing).rejects.toThrow('rejected');
});
