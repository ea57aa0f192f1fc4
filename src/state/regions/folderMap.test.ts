import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawnRegions } from '../../testing/regions/drawnRegions.ts';
import { folder, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';
import type { RegionRequests } from '../../worker/regions/regionRequests.ts';
import { createRequestHandler, type HandlersOf } from '../../worker/requestHandler.ts';
import { createFolderMap } from './folderMap.ts';
import { shownLines } from './regionLists.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { vectors: _vectors, colors: _colors, ...overview } = drawnRegions({ photographs: 8, perPhotograph: 3 });
const positions = Float32Array.from({ length: 48 }, (_value, at) => at);
const never = () => new Promise<never>(() => undefined);

const HANDLERS: HandlersOf<RegionRequests> = {
  openRegions: () => overview,
  nearestRegions: ({ region }) => ({ items: Uint32Array.of(region + 1, 9), values: Float32Array.of(0.9, 0.5) }),
  duplicatePairs: never,
  outlierRegions: () => ({ items: Uint32Array.of(4), values: Float32Array.of(0.7) }),
  unusualMixes: () => Promise.reject(new Error('broken')),
  selectPhotographs: ({ count }) => ({
    photographs: Uint32Array.from({ length: count }, (_value, at) => 7 - at),
    coverage: Float32Array.from({ length: count }, (_value, at) => (at + 1) / 8),
    random: new Float32Array(count),
    draws: 10,
  }),
  layoutRegions: (_input, { progress }) => {
    progress({ phase: 'Laying out', fraction: 0.5, positions: new Float32Array(48) });
    return { positions };
  },
  exportRegions: ({ form }) => ({ fileName: `regions.${form}`, source: new Blob([form]) }),
  zipPhotographs: ({ files }) => ({
    fileName: 'photographs.zip',
    source: new Blob([files.map(({ path }) => path).join()]),
  }),
};

/** A session that has ended a run, and a map whose worker answers from drawn regions. */
async function setUp() {
  const harness = sessionHarness();
  await trainSome(harness.session, 1500);
  const terminate = vi.fn();
  const map = createFolderMap({
    session: harness.session,
    keepAs: () => 'a run',
    spawnWorker: () => {
      let listen: (event: unknown) => void = () => undefined;
      const handle = createRequestHandler<RegionRequests>(HANDLERS, (data) => listen({ data }));
      return {
        terminate,
        addEventListener: (type: string, listener: typeof listen) => {
          if (type === 'message') listen = listener;
        },
        postMessage: (message: Parameters<typeof handle>[0]) => void handle(message),
      };
    },
  });
  const made = map.make();
  const make = async (): Promise<void> => {
    const result = { step: 3, source: new Blob(), photographs: 8, regions: 24, isKept: true };
    await harness.answer('regions', result);
    await made;
  };
  return { ...harness, map, make, made, terminate };
}

describe('the map of a folder', () => {
  it('is the regions of the pass, laid out, until other images come', async () => {
    const { session, map, make, requests, terminate } = await setUp();
    expect(requests('regions').at(-1)?.input).toEqual({ keepAs: 'a run' });
    await make();
    expect(map.store.getState()).toMatchObject({ works: [], list: { kind: 'all' }, positions });
    expect(map.store.getState().overview?.regions.count).toBe(24);
    session.stop();
    await vi.advanceTimersByTimeAsync(200);
    await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
    expect(map.store.getState()).toMatchObject({ overview: undefined, positions: undefined });
    expect(terminate).toHaveBeenCalledOnce();
  });

  it('that is canceled leaves nothing behind', async () => {
    const { session, map, made } = await setUp();
    map.cancel('pass');
    await made;
    expect(map.store.getState().overview).toBeUndefined();
    expect(session.store.getState()).toMatchObject({ jobs: [], notices: [] });
  });

  it('lists what was searched for, cut by a threshold; a failed search is told and changes nothing', async () => {
    const { session, map, make } = await setUp();
    await make();
    await map.show('similar', 4);
    expect(map.store.getState().list).toMatchObject({ kind: 'similar', like: 4, items: Uint32Array.of(5, 9) });
    map.setThreshold(0.6);
    expect(shownLines(map.store.getState().list)).toBe(1);
    // As a slider tells the highest one.
    map.setThreshold(0.9 + 1e-9);
    expect(shownLines(map.store.getState().list)).toBe(1);
    const endless = map.show('duplicates');
    expect(map.store.getState()).toMatchObject({ finding: 'duplicates', works: [{ kind: 'find' }] });
    await map.show('outliers');
    await endless;
    expect(map.store.getState()).toMatchObject({ finding: undefined, works: [], list: { kind: 'outliers' } });
    await map.show('unusual');
    expect(map.store.getState()).toMatchObject({ finding: undefined, list: { kind: 'outliers' } });
    expect(session.store.getState().notices).toMatchObject([{ message: expect.stringContaining('broken') as string }]);
  });

  it('keeps the list of selected regions and the selection together', async () => {
    const { map, make } = await setUp();
    await make();
    map.select([3, 1], 'replace');
    await map.show('selected');
    map.select([1], 'toggle');
    expect(map.store.getState()).toMatchObject({ selected: Uint32Array.of(3), list: { items: Uint32Array.of(3) } });
  });

  it('shows the list that was asked for last', async () => {
    const { map, make } = await setUp();
    await make();
    await Promise.all([map.show('selected'), map.show('all')]);
    expect(map.store.getState()).toMatchObject({ finding: undefined, list: { kind: 'all' } });
    await Promise.all([map.show('all'), map.show('outliers')]);
    expect(map.store.getState()).toMatchObject({ finding: undefined, list: { kind: 'outliers' } });
  });

  it('hands out what to label first, and all regions', async () => {
    const { map, make, downloads } = await setUp();
    await make();
    await map.show('first', 2);
    const { list } = map.store.getState();
    await map.take([...list.items], 'csv', { name: 'coverage', of: list.selection?.coverage ?? [] });
    await map.take([...list.items], 'names');
    await map.exportAs('parquet');
    const texts = await Promise.all(downloads.map(async ({ fileName, source }) => [fileName, await source.text()]));
    const [last, before] = [7, 6].map((image) => overview.photographs.paths[image]);
    expect(texts).toEqual([
      [
        'slotcon-2-images.csv',
        `rank,path,width,height,regions,coverage\r\n1,${last},640,480,3,0.125\r\n2,${before},640,480,3,0.25\r\n`,
      ],
      ['slotcon-2-images.txt', `${last}\n${before}\n`],
      ['regions.parquet', 'parquet'],
    ]);
  });
});
