import type { StoreApi } from 'zustand/vanilla';
import { nextTask } from '../../lib/async/nextTask.ts';
import type { Progress } from '../../worker/contracts.ts';
import type { RegionRequests } from '../../worker/regions/regionRequests.ts';
import type { RequestClient } from '../../worker/requestClient.ts';
import {
  listOfAll,
  listOfPairs,
  listOfRanking,
  listOfRegions,
  listOfSelection,
  type ListKind,
  type RegionList,
} from './regionLists.ts';
import { changedSet } from './regionSet.ts';
import { NO_MAP, type FolderMap, type FolderMapState } from './folderMapState.ts';
import type { Works } from './works.ts';

/** Maximum number of lines of similar regions and of pairs. */
const MAX_LINES = 500;

type Finding = Pick<FolderMap, 'show' | 'setThreshold' | 'select' | 'point'>;

/** The list beside the map, and the selection. */
export function createFinding(
  { getState: get, setState: set }: StoreApi<FolderMapState>,
  works: Works,
  worker: () => RequestClient<RegionRequests>,
): Finding {
  const find = (kind: ListKind, of: number): Promise<RegionList | undefined> => {
    switch (kind) {
      case 'all':
        return listNext(kind, ({ overview }) => (overview ? listOfAll(overview) : NO_MAP.list));
      case 'selected':
        return listNext(kind, ({ selected }) => listOfRegions(kind, selected));
      case 'similar':
        return search(async (options) => ({
          ...listOfRanking(
            kind,
            'region',
            await worker().request('nearestRegions', { region: of, count: MAX_LINES }, options),
          ),
          like: of,
        }));
      case 'duplicates':
        return search(async (options) =>
          listOfPairs(await worker().request('duplicatePairs', { count: MAX_LINES }, options)),
        );
      case 'outliers':
        return search(async (options) =>
          listOfRanking(kind, 'region', await worker().request('outlierRegions', {}, options)),
        );
      case 'unusual':
        return search(async (options) =>
          listOfRanking(kind, 'photograph', await worker().request('unusualMixes', {}, options)),
        );
      case 'first':
        return search(async (options) =>
          listOfSelection(await worker().request('selectPhotographs', { count: of }, options)),
        );
    }
  };
  const search = (act: (options: FindOptions) => Promise<RegionList>): Promise<RegionList | undefined> =>
    works.run('find', 'Searching', (signal, onProgress) => act({ signal, onProgress }));
  /** Lists in the next task, unless something else is to be shown then: with what changed before, it keeps the page waiting. */
  const listNext = async (
    kind: ListKind,
    list: (state: FolderMapState) => RegionList,
  ): Promise<RegionList | undefined> => {
    await nextTask();
    return get().finding === kind ? list(get()) : undefined;
  };
  return {
    show: async (kind, of = 0) => {
      works.cancel('find');
      set({ finding: kind });
      const list = await find(kind, of);
      if (list) set({ list, finding: undefined, pointed: undefined });
      // Canceled or failed, unless something else is to be shown.
      else if (get().finding === kind && get().works.every((work) => work.kind !== 'find')) set({ finding: undefined });
    },
    // A value's own precision: a slider's decimals can be a little above the highest one.
    setThreshold: (threshold) => set(({ list }) => ({ list: { ...list, threshold: Math.fround(threshold) } })),
    select: (regions, change) =>
      set(({ selected: before, list }) => {
        const selected = changedSet(before, regions, change);
        return list.kind === 'selected' ? { selected, list: listOfRegions('selected', selected) } : { selected };
      }),
    point: (pointed) => {
      if (pointed !== get().pointed) set({ pointed });
    },
  };
}

interface FindOptions {
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}
