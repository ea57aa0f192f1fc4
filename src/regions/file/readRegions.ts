import type { RegionOrigin, RegionOverview, RegionTable } from '../../domain/regions.ts';
import { UserError } from '../../lib/errors.ts';
import { crc32 } from '../../lib/zip/crc32.ts';
import { PART_HEAD_BYTES, ORIGIN_PART, PHOTOGRAPHS_PART, readHead, unpackContent } from './columns.ts';
import { createTableColumns, type RegionFileContent } from './tableColumns.ts';

/** Bytes that are read in pieces. */
export interface ByteSource {
  readonly size: number;
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Counts what a file holds; undefined where it doesn't begin as such a file. */
export async function scanRegionFile(source: ByteSource): Promise<RegionFileContent | undefined> {
  let origin: RegionOrigin | undefined;
  let [photographs, regions, cells, end] = [0, 0, 0, 0];
  for await (const { kind, content, next } of partsOf(source)) {
    const columns = unpackContent(content);
    if (kind === ORIGIN_PART) origin = columns.json() as RegionOrigin;
    else {
      const [photographsHere, regionsHere, cellsHere] = columns.u32();
      photographs += photographsHere;
      regions += regionsHere;
      cells += cellsHere;
    }
    end = next;
  }
  return origin && { origin, photographs, regions, cells, end };
}

type OnFraction = (fraction: number) => Promise<void>;
const unheard: OnFraction = () => Promise.resolve();

/** Reads a table, part by part. Throws `regions/damaged` where the file isn't one. */
export function readRegionTable(source: ByteSource, onProgress = unheard): Promise<RegionTable> {
  return readParts(source, true, onProgress);
}

/** The same without vectors and colors. */
export function readRegionOverview(source: ByteSource, onProgress = unheard): Promise<RegionOverview> {
  return readParts(source, false, onProgress);
}

async function readParts(source: ByteSource, isWhole: boolean, onProgress: OnFraction): Promise<RegionTable> {
  const content = await scanRegionFile(source);
  if (!content) {
    const what = source.size === 0 ? 'is empty' : `of ${source.size} bytes doesn't begin as one`;
    throw new UserError('regions/damaged', `The file of regions ${what}: compute the regions again.`);
  }
  const table = createTableColumns(content, isWhole);
  for await (const { kind, content: bytes, next } of partsOf(source, content.end)) {
    if (kind === PHOTOGRAPHS_PART) table.add(unpackContent(bytes));
    await onProgress(next / content.end);
  }
  return table.finish();
}

/** Whole parts of a file, from its beginning to the first that isn't. */
async function* partsOf(source: ByteSource, end = source.size) {
  for (let at = 0; at + PART_HEAD_BYTES <= end;) {
    const { kind, length, crc } = readHead(await source.read(at, PART_HEAD_BYTES));
    const isExpected = kind === (at === 0 ? ORIGIN_PART : PHOTOGRAPHS_PART);
    const next = at + PART_HEAD_BYTES + length;
    if (!isExpected || next > end) return;
    const content = await source.read(at + PART_HEAD_BYTES, length);
    if (crc32(content) !== crc) return;
    yield { kind, content, next };
    at = next;
  }
}
