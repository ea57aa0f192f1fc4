import { expect, it } from 'vitest';
import type { WorkerLike } from '../requestClient.ts';
import { createDecoders } from './decoders.ts';
import type { DecodeJob, Decoded, FromDecoder, ToDecoder } from './messages.ts';

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
const job = (path: string): DecodeJob => ({ path, file: new File([], path), workingSize: 64 });
const skipped = (path: string) => ({ skipped: { path, reason: 'empty', detail: '' } }) as const;
const paths = (jobs: readonly ToDecoder[]): string[] => jobs.map((asked) => (asked === 'next' ? asked : asked.path));
/** Lets settled promises run their callbacks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function all(images: AsyncIterable<Decoded>): Promise<Decoded[]> {
  const found: Decoded[] = [];
  for await (const image of images) found.push(image);
  return found;
}

it('decodes as many files at a time as there are workers, the others in their turn', async () => {
  const { workers, decoders } = setUp(2);
  const done: string[] = [];
  for (const path of ['a', 'b', 'c', 'd']) void all(decoders.decode(job(path))).then(() => done.push(path));
  await settled();
  expect(workers.map(({ jobs }) => paths(jobs))).toEqual([['a'], ['b']]);
  const finish = async (index: number, path: string): Promise<void> => {
    workers[index].answer(skipped(path));
    await settled();
    workers[index].answer('done');
    await settled();
  };
  workers[1].answer('ready');
  await finish(1, 'b');
  expect(paths(workers[1].jobs)).toEqual(['b', 'next', 'c']);
  workers[0].answer('ready');
  await finish(0, 'a');
  await finish(1, 'c');
  expect(done).toEqual(['b', 'a', 'c']);
  expect(workers).toHaveLength(2);
  decoders.close();
  expect(workers.map(({ ended }) => ended)).toEqual([true, true]);
});

it('asks for the next image of a file when it is wanted, and replaces a worker that is left before the last', async () => {
  const { workers, decoders } = setUp(1);
  const images = decoders.decode(job('stack.tif'))[Symbol.asyncIterator]();
  const first = images.next();
  await settled();
  workers[0].answer('ready');
  workers[0].answer(skipped('stack.tif#1'));
  expect(await first).toEqual({ done: false, value: skipped('stack.tif#1') });
  await settled();
  expect(paths(workers[0].jobs)).toEqual(['stack.tif']);
  const after = all(decoders.decode(job('b')));
  await images.return?.();
  await settled();
  expect([workers[0].ended, paths(workers[1].jobs)]).toEqual([true, ['b']]);
  workers[1].answer('ready');
  workers[1].answer('done');
  expect(await after).toEqual([]);
});

it('skips what crashes its worker, also in the middle of a file, and continues with another worker', async () => {
  const { workers, decoders } = setUp(1);
  const outcomes = Promise.all(['bomb', 'stack.tif', 'fine'].map((path) => all(decoders.decode(job(path)))));
  const crash = (path: string): Decoded => ({
    skipped: { path, reason: 'corrupt', detail: 'The decoder broke down over it (out of memory).' },
  });
  await settled();
  workers[0].answer('ready');
  workers[0].fail();
  await settled();
  expect([workers[0].ended, paths(workers[1].jobs)]).toEqual([true, ['stack.tif']]);
  workers[1].answer('ready');
  workers[1].answer(skipped('stack.tif#1'));
  await settled();
  workers[1].fail();
  await settled();
  workers[2].answer('ready');
  workers[2].answer(skipped('fine'));
  await settled();
  workers[2].answer('done');
  expect(await outcomes).toEqual([[crash('bomb')], [skipped('stack.tif#1'), crash('stack.tif#2')], [skipped('fine')]]);
});

it('rejects where a worker can’t be started', async () => {
  const { workers, decoders } = setUp(1);
  const outcome = all(decoders.decode(job('a')));
  await settled();
  workers[0].fail();
  await expect(outcome).rejects.toMatchObject({ code: 'decoder/unavailable' });
});
