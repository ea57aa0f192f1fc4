import { expect, it } from 'vitest';
import type { Overflow } from '../data/workingCopies/overflow.ts';
import { decodedImage } from '../testing/images.ts';
import { createImageSet } from './imageSet.ts';
import type { Decoded, DecodeJob } from './decode/messages.ts';
import type { FolderFile } from './contracts.ts';
import type { WorkerEvent } from './events.ts';

/** The number in a file’s name is what its one pixel holds. */
const image = (path: string) => ({ width: 1, height: 1, data: new Uint8Array(3).fill(Number.parseInt(path)) });
const decoded = (path: string): Decoded =>
  path.endsWith('.txt')
    ? { skipped: { path, reason: 'not-an-image', detail: 'text' } }
    : decodedImage(path, image(path));

async function* decodeAtOnce({ path }: DecodeJob): AsyncGenerator<Decoded> {
  yield decoded(path);
}

function setUp(decode: (job: DecodeJob) => AsyncIterable<Decoded> = decodeAtOnce) {
  const posted: WorkerEvent[] = [];
  let closed = 0;
  const openOverflow = (): Promise<Overflow> => Promise.reject(new Error('no disk'));
  const dataset = createImageSet((message) => posted.push(message), {
    createDecoders: () => ({ count: 2, decode, close: () => closed++ }),
    openOverflow,
  });
  const begin = (datasetId: number): Promise<void> =>
    dataset.readFiles({ type: 'readFiles', datasetId, name: 'photos', workingSize: 64 });
  const give = (datasetId: number, paths: readonly string[], isLast: boolean): void => {
    const files: FolderFile[] = paths.map((path) => ({ path, file: new File([path], path) }));
    dataset.files({ type: 'files', datasetId, files, isLast });
  };
  const requests = (datasetId: number): number =>
    posted.filter((message) => message.type === 'wantFiles' && message.datasetId === datasetId).length;
  const done = () => posted.filter((message) => message.type === 'readDone');
  return { dataset, posted, begin, give, requests, done, closed: () => closed };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('requests files until it has the last, a batch ahead of what is decoded', async () => {
  const { dataset, begin, give, requests, posted, done, closed } = setUp();
  const read = begin(1);
  await settled();
  expect(requests(1)).toBe(1);
  give(1, ['3.jpg', 'a.txt', '1.jpg'], false);
  await settled();
  expect(requests(1)).toBe(2);
  dataset.files({
    type: 'files',
    datasetId: 1,
    isLast: true,
    files: [{ skipped: { path: 'gone.jpg', reason: 'unreadable', detail: 'not found' } }],
  });
  await read;
  expect(done()).toMatchObject([{ type: 'readDone', datasetId: 1, usable: 2, skipped: 2, canceled: false }]);
  expect(posted.filter(({ type }) => type === 'imageSkipped')).toHaveLength(2);
  expect(posted.findLast(({ type }) => type === 'reading')).toMatchObject({ done: 4, usable: 2 });
  const source = await dataset.source();
  expect([source.count, source.path(0), source.path(1)]).toEqual([2, '1.jpg', '3.jpg']);
  expect(await source.get(1)).toEqual(image('3.jpg'));
  expect([requests(1), closed()]).toEqual([2, 1]);
});

it('uses what is read when it is canceled', async () => {
  const { dataset, begin, give, done } = setUp();
  const read = begin(1);
  await settled();
  give(1, ['1.jpg'], false);
  await settled();
  dataset.cancel(1);
  give(1, ['2.jpg'], true);
  await read;
  expect(done()).toMatchObject([{ usable: 1, canceled: true }]);
  expect((await dataset.source()).count).toBe(1);
});

it('stops a reading that is replaced by another, at any point', async () => {
  const { dataset, begin, give, requests, closed } = setUp();
  const waiting = begin(1);
  await settled();
  // The second has requested nothing when the third comes.
  const [second, third] = [begin(2), begin(3)];
  await Promise.all([waiting, second]);
  give(1, ['1.jpg'], true);
  give(3, ['3.jpg'], true);
  await third;
  expect([requests(1), requests(2), requests(3), closed()]).toEqual([1, 0, 1, 3]);
  const source = await dataset.source();
  expect([source.count, source.path(0)]).toEqual([1, '3.jpg']);
});

it('reports the reason and ends if no decoder can be started', async () => {
  const { begin, give, posted, done } = setUp(() => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('no worker')) }),
  }));
  const read = begin(1);
  await settled();
  give(1, ['1.jpg', '2.jpg', '3.jpg'], false);
  await settled();
  give(1, [], true);
  await read;
  expect(posted.filter(({ type }) => type === 'notice')).toMatchObject([{ error: { message: 'no worker' } }]);
  expect(done()).toMatchObject([{ usable: 0, canceled: true }]);
});
