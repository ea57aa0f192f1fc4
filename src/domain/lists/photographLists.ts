import { csvLines } from '../../lib/text/csv.ts';
import type { RegionOverview } from '../regions.ts';

/** A number for each photograph of a list, such as how much is covered up to it. */
export interface ListedValues {
  readonly name: string;
  readonly of: ArrayLike<number>;
}

/** One path per line. */
export function listNames(images: Iterable<number>, { photographs }: RegionOverview): string {
  return Array.from(images, (image) => `${photographs.paths[image]}\n`).join('');
}

/** A table of photographs in their order. */
export function listCsv(images: Iterable<number>, { photographs }: RegionOverview, values?: ListedValues): string {
  const { paths, widths, heights, regionStarts } = photographs;
  const lines = Array.from(images, (image, at) => [
    at + 1,
    paths[image],
    widths[image],
    heights[image],
    regionStarts[image + 1] - regionStarts[image],
    ...(values ? [Number(values.of[at].toPrecision(6))] : []),
  ]);
  return csvLines([['rank', 'path', 'width', 'height', 'regions', ...(values ? [values.name] : [])], ...lines]);
}
