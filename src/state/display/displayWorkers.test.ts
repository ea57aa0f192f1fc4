import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WorkerLike } from '../../worker/requestClient.ts';
import type { FromDisplay, ToDisplay } from '../../worker/decode/displayMessages.ts';
import { createDisplayWorkers } from './displayWorkers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const job: ToDisplay = { longer: 100, subject: { kind: 'scene', seed: 0, index: 0 } };
const copy = { bitmap: { width: 100, height: 75 } as ImageBitmap, isFull: false };

/** Workers whose answers are given by hand. */
function setUp() {
  const spawned: { answer(message: FromDisplay): void; crash(): void; isEnded: boolean; jobs: number }[] = [];
  const spawn = (): WorkerLike => {
    const listeners: Record<string, (event: unknown) => void> = {};
    const worker = {
      answer: (data: FromDisplay) => listeners['message']({ data }),
      crash: () => listeners['error']({ preventDefault: () => undefined }),
      isEnded: false,
      jobs: 0,
    };
    spawned.push(worker);
    return {
      postMessage: () => worker.jobs++,
      addEventListener: (type: string, listener: (event: unknown) => void) => (listeners[type] = listener),
      terminate: () => (worker.isEnded = true),
    };
  };
  return { spawned, workers: createDisplayWorkers(spawn, 1000) };
}

it('uses a worker again, and ends it when there is nothing to do for a while', async () => {
  const { spawned, workers } = setUp();
  const first = workers.make(job);
  spawned[0].answer('ready');
  spawned[0].answer(copy);
  expect(await first).toBe(copy);
  const second = workers.make(job);
  await vi.advanceTimersByTimeAsync(5000);
  spawned[0].answer('unreadable');
  expect(await second).toBeUndefined();
  expect([spawned.length, spawned[0].jobs, spawned[0].isEnded]).toEqual([1, 2, false]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(spawned[0].isEnded).toBe(true);
});

it('gives up the image that crashes its worker, and replaces the worker', async () => {
  const { spawned, workers } = setUp();
  const crashing = workers.make(job);
  spawned[0].crash();
  expect([await crashing, spawned[0].isEnded]).toEqual([undefined, true]);
  const next = workers.make(job);
  spawned[1].answer(copy);
  expect(await next).toBe(copy);
});
