import { expect, it } from 'vitest';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { regionFileOf } from '../../testing/regions/regionFileOf.ts';
import { createRequestClient, type RequestClient } from '../requestClient.ts';
import type { RequestMessageOf } from '../requests.ts';
import type { RegionRequests } from './regionRequests.ts';
import { createRegionWorker } from './regionWorker.ts';

const table = drawnRegions({ photographs: 60, prototypes: 6, perPhotograph: 3 });
const file = new Blob([regionFileOf(table)]);

/** A worker in this thread. */
function startWorker(): RequestClient<RegionRequests> {
  let listen: (event: MessageEvent) => void = () => undefined;
  const handle = createRegionWorker((message) => listen({ data: structuredClone(message) } as MessageEvent));
  return createRequestClient<RegionRequests>(
    {
      postMessage: (message: unknown) => void handle(message as RequestMessageOf<RegionRequests>),
      addEventListener: (type: string, listener: unknown) => {
        if (type === 'message') listen = listener as typeof listen;
      },
      terminate: () => undefined,
    },
    { name: 'worker of the map', onMessage: () => undefined, onLost: () => undefined },
  );
}

it('answers every request about the table that was opened', async () => {
  const worker = startWorker();
  await expect(worker.request('nearestRegions', { region: 0, count: 3 })).rejects.toMatchObject({
    code: 'regions/none',
  });
  const overview = await worker.request('openRegions', { source: file });
  expect(overview.regions).toEqual(table.regions);
  expect(overview.photographs.paths).toEqual(table.photographs.paths);
  expect(overview).not.toHaveProperty('vectors');
  expect(overview).not.toHaveProperty('colors');
  const [near, pairs, outliers, mixes, selection, layout, made] = await Promise.all([
    worker.request('nearestRegions', { region: 5, count: 3 }),
    worker.request('duplicatePairs', { count: 4 }),
    worker.request('outlierRegions', {}),
    worker.request('unusualMixes', {}),
    worker.request('selectPhotographs', { count: 5 }),
    worker.request('layoutRegions', { seed: 0 }),
    worker.request('exportRegions', { form: 'csv', classes: [] }),
  ]);
  expect(near.items).toHaveLength(3);
  expect(pairs.pairs).toHaveLength(2 * pairs.values.length);
  expect(outliers.items).toHaveLength(180);
  expect(mixes.items).toHaveLength(60);
  expect(selection.photographs).toHaveLength(5);
  expect(layout.positions).toHaveLength(360);
  expect((await made.source.text()).split('\n').length).toBeGreaterThan(180);
});

it('tells how far a layout is, lets other requests in, and ends one that is canceled', async () => {
  const worker = startWorker();
  await worker.request('openRegions', { source: file });
  const controller = new AbortController();
  const seen: number[] = [];
  let near: Promise<unknown> | undefined;
  const layout = worker.request(
    'layoutRegions',
    { seed: 0 },
    {
      signal: controller.signal,
      onProgress: ({ fraction, positions }) => {
        seen.push(fraction);
        near ??= worker.request('nearestRegions', { region: 1, count: 1 });
        if (positions) {
          expect(positions).toHaveLength(360);
          controller.abort(new Error('enough'));
        }
      },
    },
  );
  await expect(layout).rejects.toThrow('enough');
  // Answered meanwhile, and the next one is not held up by what was canceled.
  await expect(near).resolves.toMatchObject({ items: { length: 1 } });
  const again = await worker.request('layoutRegions', { seed: 0 });
  expect(again.positions.every(Number.isFinite)).toBe(true);
  expect(Math.max(...seen)).toBeLessThan(1);
});

it('names a file that is no table, and keeps the one before', async () => {
  const worker = startWorker();
  await worker.request('openRegions', { source: file });
  await expect(worker.request('openRegions', { source: new Blob(['no']) })).rejects.toMatchObject({
    code: 'regions/damaged',
  });
  expect((await worker.request('unusualMixes', {})).items).toHaveLength(60);
});
