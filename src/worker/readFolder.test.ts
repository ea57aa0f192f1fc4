import { expect, it } from 'vitest';
import { createWorkingCopies } from '../data/workingCopies/workingCopies.ts';
import { decodedImage } from '../testing/images.ts';
import type { DecodeJob, Decoded } from './decode/messages.ts';
import type { FolderFile } from './contracts.ts';
import type { WorkerEvent } from './events.ts';
import { readFolderFiles } from './readFolder.ts';

const decoded = (path: string): Decoded => decodedImage(path, { width: 1, height: 1, data: new Uint8Array(3) });

it('decodes a few files at a time, and requests no more', async () => {
  let [taken, max] = [0, 0];
  const waiting: (() => void)[] = [];
  const files = async function* (): AsyncGenerator<FolderFile> {
    for (; taken < 10; taken++) yield { path: `${taken}.jpg`, file: new File([], `${taken}`) };
  };
  const decode = async function* ({ path }: DecodeJob): AsyncGenerator<Decoded> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      max = Math.max(max, waiting.length);
      setImmediate(() => waiting.shift()?.());
    });
    yield decoded(path);
  };
  const cache = createWorkingCopies('photos');
  await readFolderFiles(() => undefined, {
    datasetId: 1,
    name: 'photos',
    workingSize: 64,
    files: files(),
    cache,
    isCurrent: () => true,
    decoders: { count: 2, decode, close: () => undefined },
  });
  // One more waits for its turn.
  expect([max, cache.count]).toEqual([3, 10]);
});

it('stops when memory and disk are full, reports it once, and keeps the images read so far', async () => {
  const posted: WorkerEvent[] = [];
  const openOverflow = () => Promise.reject(new Error('the disk is full'));
  const cache = createWorkingCopies('photos', { memoryBytes: 6, openOverflow });
  const files = async function* (): AsyncGenerator<FolderFile> {
    for (let index = 0; index < 20; index++) yield { path: `${index}.jpg`, file: new File([], `${index}`) };
  };
  const decode = async function* ({ path }: DecodeJob): AsyncGenerator<Decoded> {
    yield decoded(path);
  };
  await readFolderFiles((message) => posted.push(message), {
    datasetId: 1,
    name: 'photos',
    workingSize: 64,
    files: files(),
    cache,
    isCurrent: () => true,
    decoders: { count: 2, decode, close: () => undefined },
  });
  const notices = posted.flatMap((message) => (message.type === 'notice' ? [message.error] : []));
  expect(notices).toMatchObject([
    {
      code: 'images/no-room',
      message: expect.stringContaining(
        'no room for more of "photos" (the disk is full). The 2 images read so far',
      ) as string,
    },
  ]);
  expect(posted.at(-1)).toMatchObject({ type: 'readDone', datasetId: 1, usable: 2, skipped: 0, canceled: true });
  expect((await cache.asSource()).count).toBe(2);
});

it('takes the images of a file one by one, and leaves the rest of it out when it is canceled', async () => {
  const posted: WorkerEvent[] = [];
  let [isCurrent, decodedPages] = [true, 0];
  const files = async function* (): AsyncGenerator<FolderFile> {
    yield { path: 'stack.tif', file: new File([new Uint8Array(9)], 'stack.tif') };
  };
  const decode = async function* ({ path }: DecodeJob): AsyncGenerator<Decoded> {
    for (let page = 1; page <= 100; page++, decodedPages++) {
      if (page === 2) yield { skipped: { path: `${path}#2`, reason: 'corrupt', detail: 'broken' } };
      else yield decoded(`${path}#${page}`);
    }
  };
  const post = (event: WorkerEvent): void => {
    posted.push(event);
    if (event.type === 'imageRead' && event.index === 2) isCurrent = false;
  };
  const cache = createWorkingCopies('photos');
  await readFolderFiles(post, {
    datasetId: 1,
    name: 'photos',
    workingSize: 64,
    files: files(),
    cache,
    isCurrent: () => isCurrent,
    decoders: { count: 2, decode, close: () => undefined },
  });
  const source = await cache.asSource();
  expect([0, 1, 2].map((index) => source.path(index))).toEqual(['stack.tif#1', 'stack.tif#3', 'stack.tif#4']);
  expect([source.count, decodedPages]).toEqual([3, 3]);
  expect(posted.at(-1)).toMatchObject({ type: 'readDone', usable: 3, skipped: 1, canceled: true });
  expect(posted.findLast(({ type }) => type === 'reading')).toMatchObject({ done: 1, usable: 3 });
});
