import { expect, it } from 'vitest';
import type { WorkerLike } from '../client.ts';
import { createDecoders } from './decoders.ts';
import type { FromDecoder, ToDecoder } from './messages.ts';

/** Decoders whose answers are given by hand. */
function setUp(count: number) {
  const workers: { jobs: ToDecoder[]; answer(message: FromDecoder): void; fail(): void; ended: boolean }[] = [];
  const spawn = (): WorkerLike => {
    const listeners: Record<string, (event: unknown) => void> = {};
    const worker = {
      jobs: [] as ToDecoder[],
      ended: false,
      answer: (data: FromDecoder) => listeners['message']({ data }),
      fail: () => listeners['error']({ preventDefault: () => undefined, message: 'out of memory' }),
    };
    workers.push(worker);
    return {
      postMessage: (job: ToDecoder) => worker.jobs.push(job),
      addEventListener: (type: string, listener: (event: unknown) => void) => (listeners[type] = listener),
      terminate: () => (worker.ended = true),
    };
  };
  return { workers, decoders: createDecoders(count, spawn) };
}
const job = (path: string): ToDecoder => ({ path, file: new File([], path), workingSize: 64 });
const skipped = (path: string) => ({ skipped: { path, reason: 'empty', detail: '' } }) as const;
/** Lets settled promises run their callbacks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('decodes as many files at a time as there are workers, the others in their turn', async () => {
  const { workers, decoders } = setUp(2);
  const done: string[] = [];
  for (const path of ['a', 'b', 'c', 'd']) void decoders.decode(job(path)).then(() => done.push(path));
  await settled();
  expect(workers.map(({ jobs }) => jobs.map(({ path }) => path))).toEqual([['a'], ['b']]);
  workers[1].answer('ready');
  workers[1].answer(skipped('b'));
  await settled();
  expect(workers[1].jobs.map(({ path }) => path)).toEqual(['b', 'c']);
  workers[0].answer(skipped('a'));
  workers[1].answer(skipped('c'));
  await settled();
  expect(done).toEqual(['b', 'a', 'c']);
  expect(workers).toHaveLength(2);
  decoders.close();
  expect(workers.map(({ ended }) => ended)).toEqual([true, true]);
});

it('skips the file that crashes its worker, and continues with another worker', async () => {
  const { workers, decoders } = setUp(1);
  const outcomes = Promise.all([decoders.decode(job('bomb')), decoders.decode(job('fine'))]);
  await settled();
  workers[0].answer('ready');
  workers[0].fail();
  await settled();
  expect([workers[0].ended, workers[1].jobs.map(({ path }) => path)]).toEqual([true, ['fine']]);
  workers[1].answer(skipped('fine'));
  expect(await outcomes).toEqual([
    { skipped: { path: 'bomb', reason: 'corrupt', detail: 'The decoder broke down over it (out of memory).' } },
    skipped('fine'),
  ]);
});

it('rejects where a worker can’t be started', async () => {
  const { workers, decoders } = setUp(1);
  const outcome = decoders.decode(job('a'));
  await settled();
  workers[0].fail();
  await expect(outcome).rejects.toMatchObject({ code: 'decoder/unavailable' });
});
