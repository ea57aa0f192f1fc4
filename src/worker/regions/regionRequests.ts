import type { PrototypeClasses } from '../../domain/classes.ts';
import type { RankedPairs, RankedItems, RegionForm, RegionOverview, Selection } from '../../domain/regions.ts';
import type { Progress } from '../contracts.ts';

/** A file that was made, to be downloaded. */
interface MadeFile {
  readonly fileName: string;
  readonly source: Blob;
}

/**
 * Requests of the page to the worker that holds a table of regions: their inputs, results, and what they report meanwhile.
 * All but `openRegions` are about the table that was opened last, and fail with `regions/none` without one.
 */
export interface RegionRequests {
  /** Reads a table that the job `regions` wrote. What it has of the photographs is told; the vectors stay in the worker. */
  readonly openRegions: {
    readonly input: { readonly source: Blob };
    readonly result: RegionOverview;
    readonly progress: Progress;
  };
  /** Other regions by their cosine with this one. */
  readonly nearestRegions: {
    readonly input: { readonly region: number; readonly count: number };
    readonly result: RankedItems;
  };
  /** Pairs of photographs that nearly repeat each other, by all their regions together, of which there may be none. */
  readonly duplicatePairs: {
    readonly input: { readonly count: number };
    readonly result: RankedPairs;
    readonly progress: Progress;
  };
  /** All regions by how they differ from their nearest neighbors in other photographs: in vector, color and area. */
  readonly outlierRegions: {
    readonly input: Readonly<Record<string, never>>;
    readonly result: RankedItems;
    readonly progress: Progress;
  };
  /** All photographs by how far their mix of prototypes is from the nearest others, from 0 to 1. */
  readonly unusualMixes: {
    readonly input: Readonly<Record<string, never>>;
    readonly result: RankedItems;
    readonly progress: Progress;
  };
  readonly selectPhotographs: {
    readonly input: { readonly count: number };
    readonly result: Selection;
    readonly progress: Progress;
  };
  /** Places all regions in a plane, [N,2] within −1 to 1: like beside like. `positions` are told now and then meanwhile. */
  readonly layoutRegions: {
    readonly input: { readonly seed: number };
    readonly result: { readonly positions: Float32Array };
    readonly progress: Progress & { readonly positions?: Float32Array };
  };
  /** The table as a file; names are those of the prototypes' classes. */
  readonly exportRegions: {
    readonly input: { readonly form: RegionForm; readonly classes: PrototypeClasses };
    readonly result: MadeFile;
    readonly progress: Progress;
  };
  /** Copies of files as one zip, under their paths. */
  readonly zipPhotographs: {
    readonly input: { readonly files: readonly { readonly path: string; readonly file: File }[] };
    readonly result: MadeFile;
    readonly progress: Progress;
  };
}
