import type { RegionTable } from '../../domain/regions.ts';

/** Regions that are written at a time. */
export const REGIONS_PER_CHUNK = 1024;

export interface ExportedRegions {
  readonly table: RegionTable;
  /** Name of each prototype's class, [K]. */
  readonly names: readonly string[];
  /** Called with the number of regions that were written so far. */
  onWritten(regions: number): void;
}

export type Chunks = Generator<Uint8Array<ArrayBuffer>, void>;

/** Writes regions as a file, chunk by chunk. */
export type WriteRegions = (regions: ExportedRegions) => Chunks;

/** Ranges [from, to) that cover all regions, each of at most `REGIONS_PER_CHUNK`. */
export function* regionRanges(count: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < count; from += REGIONS_PER_CHUNK) yield [from, Math.min(from + REGIONS_PER_CHUNK, count)];
}

export const textBytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Six digits say more than a cell's size does. */
export const rounded = (value: number): number => Number(value.toPrecision(6));

/** Rows of a photograph's regions. */
export function rowsOf({ photographs }: RegionTable, image: number): number[] {
  const [from, to] = photographs.regionStarts.subarray(image, image + 2);
  return Array.from({ length: to - from }, (_, at) => from + at);
}
