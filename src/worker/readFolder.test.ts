import { expect, it } from 'vitest';
import { createWorkingCopies } from '../data/workingCopies/workingCopies.ts';
import { decodedFile } from '../testing/images.ts';
import type { Decoded } from './decode/messages.ts';
import type { FolderFile } from './contracts.ts';
import type { WorkerEvent } from './events.ts';
import { readFolderFiles } from './readFolder.ts';

const decoded = (): Decoded => ({
  ...decodedFile({ width: 1, height: 1, data: new Uint8Array(3) }),
  thumbnail: { width: 1, height: 1, data: new Uint8ClampedArray(4) },
});

it('decodes a few files at a time, and requests no more', async () => {
  let [taken, max] = [0, 0];
  const waiting: (() => void)[] = [];
  const files = async function* (): AsyncGenerator<FolderFile> {
    for (; taken < 10; taken++) yield { path: `${taken}.jpg`, file: new File([], `${taken}`) };
  };
  const decode = (): Promise<Decoded> =>
    new Promise((resolve) => {
      waiting.push(() => resolve(decoded()));
      max = Math.max(max, waiting.length);
      setImmediate(() => waiting.shift()?.());
    });
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
  const decode = (): Promise<Decoded> => Promise.resolve(decoded());
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
