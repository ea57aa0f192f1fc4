import type { StoreApi } from 'zustand/vanilla';
import type { ListedValues } from '../../domain/lists/photographLists.ts';
import type { RegionClasses, RegionForm, RegionOverview } from '../../domain/regions.ts';
import { listOfRegions, type ListKind, type RegionList } from './regionLists.ts';
import type { SetChange } from './regionSet.ts';
import type { WorkKind, WorksState } from './works.ts';

export interface FolderMapState extends WorksState {
  /** All regions of the folder; undefined until they were found. */
  readonly overview: RegionOverview | undefined;
  /** False where the browser's storage doesn't keep them. */
  readonly isKept: boolean;
  /** x, y of each region on the map, [N,2]; undefined until the first are there. */
  readonly positions: Float32Array | undefined;
  /** Classes of masks; undefined where there are none. */
  readonly classes: RegionClasses | undefined;
  readonly list: RegionList;
  /** The list that is being searched for. */
  readonly finding: ListKind | undefined;
  /** Ascending. */
  readonly selected: Uint32Array;
  /** The region under the pointer, or of the list's active line. */
  readonly pointed: number | undefined;
}

export type TakenForm = 'csv' | 'names' | 'zip';

/** The regions of the folder: found, laid out, searched, selected and exported. */
export interface FolderMap {
  readonly store: StoreApi<FolderMapState>;
  /** Finds the regions of all photographs by the model on the screen, and lays them out. */
  make(): Promise<void>;
  /** Ends work of a kind. A pass over the photographs is taken up there the next time. */
  cancel(kind: WorkKind | 'pass'): void;
  /** Fills the list. `of`: the region that others are compared with, or the number of photographs to label first. */
  show(kind: ListKind, of?: number): Promise<void>;
  setThreshold(threshold: number): void;
  select(regions: Uint32Array | readonly number[], change: SetChange): void;
  point(region: number | undefined): void;
  /** Downloads all regions in a form. */
  exportAs(form: RegionForm): Promise<void>;
  /** Downloads photographs as a list or as files. `values`: a column of the list, one for each. */
  take(images: readonly number[], form: TakenForm, values?: ListedValues): Promise<void>;
  /** Copies the files of photographs into a folder. */
  copyTo(folder: FileSystemDirectoryHandle, images: readonly number[]): Promise<void>;
}

const NO_REGIONS = new Uint32Array();
export const NO_MAP: FolderMapState = {
  works: [],
  overview: undefined,
  isKept: true,
  positions: undefined,
  classes: undefined,
  list: listOfRegions('all', NO_REGIONS),
  finding: undefined,
  selected: NO_REGIONS,
  pointed: undefined,
};
