import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { REGIONS_FOLDER } from '../../domain/regions.ts';
import { fakeRecord } from '../../testing/fakeRun.ts';
import { memoryCheckpoints } from '../../testing/memoryDirectory.ts';
import type { CheckpointFiles } from './checkpointFiles.ts';
import { createDatabase } from '../platform/database.ts';
import { copyCurves, type SavedRun } from './savedRun.ts';
import { createRunStore } from './runStore.ts';
import { createSeries } from './series.ts';

let checkpoints: CheckpointFiles;
let directory: FileSystemDirectoryHandle;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  ({ files: checkpoints, handle: directory } = memoryCheckpoints());
});

const config = presetConfig('tiny');
const run = (id: string, startedAt: number): SavedRun => ({
  id,
  title: id,
  startedAt,
  changedAt: startedAt,
  state: 'finished',
  config,
  images: 'photos',
  adapter: 'GPU',
  step: 5,
  totalSteps: 5,
  latest: { loss: 2 },
  pictures: [],
});
const file = (bytes: number): Blob => new Blob([new Uint8Array(bytes).fill(7)]);

it('lists runs newest first, each with its curves and checkpoint, in another visit too', async () => {
  const store = createRunStore(createDatabase(), checkpoints);
  const series = createSeries();
  for (let step = 1; step <= 3; step++) series.push(fakeRecord(step, config));
  await store.put(run('old', 1), copyCurves(series));
  await store.put(run('new', 2));
  expect(await store.putCheckpoint('old', 5, file(3))).toEqual([]);
  const again = createRunStore(createDatabase(), checkpoints);
  expect(await again.list()).toEqual([run('new', 2), run('old', 1)]);
  expect([...((await again.curves('old'))?.steps ?? [])]).toEqual([1, 2, 3]);
  expect((await again.curves('old'))?.values.loss).toEqual(series.values('loss'));
  expect(await again.curves('new')).toBeUndefined();
  expect((await again.checkpoint('old'))?.source.size).toBe(3);
  const regions = await directory.getDirectoryHandle(REGIONS_FOLDER, { create: true });
  for (const id of ['old', 'new']) await regions.getFileHandle(id, { create: true });
  await again.remove('old');
  const left: string[] = [];
  for await (const name of regions.keys()) left.push(name);
  expect(left).toEqual(['new']);
  expect([await again.checkpoint('old'), await again.curves('old'), (await again.list()).length]).toEqual([
    ...[undefined, undefined, 1],
  ]);
});

it('checkpoints beyond the budget are removed, those of the oldest runs first, never the newest', async () => {
  const store = createRunStore(createDatabase(), checkpoints, 10);
  for (const [id, at] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    await store.put({ ...run(id, at), checkpointStep: 5 });
  await store.putCheckpoint('a', 5, file(4));
  await store.putCheckpoint('b', 5, file(4));
  expect(await store.putCheckpoint('c', 5, file(4))).toEqual(['a']);
  const left = (await store.list()).map(({ id, checkpointStep }) => [id, checkpointStep]);
  expect(left).toEqual([
    ['c', 5],
    ['b', 5],
    ['a', undefined],
  ]);
  expect(await store.putCheckpoint('a', 5, file(50))).toEqual(['b', 'c']);
  expect((await store.checkpoint('a'))?.source.size).toBe(50);
});
