import type { RegionOrigin } from '../../domain/regions.ts';
import type { PhotographRegions, Region } from '../regionPass.ts';
import { ORIGIN_PART, packPart, PHOTOGRAPHS_PART } from './columns.ts';

/** The first part of the file. */
export function originPart(origin: RegionOrigin): Uint8Array<ArrayBuffer> {
  return packPart(ORIGIN_PART, [json(origin)]);
}

/** A part with the next photographs. `createTableColumns` takes them in the same order. */
export function photographsPart(photographs: readonly PhotographRegions[]): Uint8Array<ArrayBuffer> {
  const regions = photographs.flatMap((one) => one.regions);
  const each = (value: (one: PhotographRegions) => number): number[] => photographs.map(value);
  const all = (value: (region: Region) => number): number[] => regions.map(value);
  return packPart(PHOTOGRAPHS_PART, [
    Uint32Array.of(
      photographs.length,
      regions.length,
      photographs.reduce((sum, { winners }) => sum + winners.length, 0),
    ),
    json(photographs.map(({ path }) => path)),
    Uint32Array.from(each(({ width }) => width)),
    Uint32Array.from(each(({ height }) => height)),
    Float64Array.from(each(({ date }) => date)),
    Uint32Array.from(each((one) => one.regions.length)),
    Uint16Array.from(each(({ rows }) => rows)),
    Uint16Array.from(each(({ columns }) => columns)),
    joined(
      photographs.map(({ winners }) => winners),
      Uint16Array,
    ),
    joined(
      photographs.map(({ colors }) => colors),
      Uint8Array,
    ),
    Uint16Array.from(all(({ prototype }) => prototype)),
    Float32Array.from(all(({ area }) => area)),
    Float32Array.from(regions.flatMap(({ box }) => [...box])),
    Float32Array.from(all(({ confidence }) => confidence)),
    joined(
      regions.map(({ vector }) => vector),
      Float32Array,
    ),
  ]);
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function joined<Values extends Uint8Array | Uint16Array | Float32Array>(
  parts: readonly Values[],
  make: new (count: number) => Values,
): Values {
  const all = new make(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
