import type { RegionTable } from '../../domain/regions.ts';
import type { Random } from '../../lib/random.ts';
import { sampleRows } from './divideRows.ts';
import type { Pace } from './pace.ts';
import { createTiles } from './tiles.ts';

/** Regions that are looked at. */
const MEASURED = 2000;

/**
 * Returns a function that tells how well the first n photographs of an order cover all regions, for n from 1: the mean over the
 * prototypes of the cosine of a region with the nearest one in these photographs, on some of the regions.
 */
export function createCoverage(
  { photographs, regions, vectors, origin: { dimensions, prototypes } }: RegionTable,
  random: Random,
) {
  const all = Uint32Array.from({ length: regions.count }, (_, row) => row);
  const measured = regions.count <= MEASURED ? all : sampleRows(all, MEASURED, random);
  const ofPrototype = new Uint32Array(prototypes);
  for (const row of measured) ofPrototype[regions.prototype[row]]++;
  const present = ofPrototype.filter((count) => count > 0).length;
  const weights = Float64Array.from(measured, (row) => 1 / (present * ofPrototype[regions.prototype[row]]));
  const placeOf = new Map([...measured].map((row, at) => [row, at]));
  const multiply = createTiles(dimensions);
  return async (order: Uint32Array, pace: Pace): Promise<Float32Array> => {
    const cosines = new Float32Array(measured.length);
    const coverage = new Float32Array(order.length);
    for (const [at, image] of order.entries()) {
      await multiply(
        [vectors, measured],
        [vectors, all.subarray(photographs.regionStarts[image], photographs.regionStarts[image + 1])],
        (few, some, dots, stride) => {
          for (let r = 0; r < few.length; r++) {
            const place = placeOf.get(few[r]) ?? 0;
            for (let o = 0; o < some.length; o++) cosines[place] = Math.max(cosines[place], dots[r * stride + o]);
          }
        },
        () => pace(at / order.length),
      );
      coverage[at] = Math.min(
        1,
        cosines.reduce((sum, cosine, place) => sum + weights[place] * cosine, 0),
      );
    }
    return coverage;
  };
}
