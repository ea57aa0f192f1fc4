import { csvLines } from '../../lib/text/csv.ts';
import { regionRanges, rounded, textBytes, type WriteRegions } from './regionForm.ts';

const COLUMNS = ['path', 'prototype', 'name', 'area', 'left', 'top', 'right', 'bottom', 'confidence'];

/** A line for each region, without its vector. */
export const writeCsv: WriteRegions = function* ({ table, names, onWritten }) {
  const { regions, photographs } = table;
  yield textBytes(csvLines([[...COLUMNS, 'width', 'height']]));
  for (const [from, to] of regionRanges(regions.count)) {
    const lines = Array.from({ length: to - from }, (_, at) => {
      const row = from + at;
      const [image, prototype] = [regions.image[row], regions.prototype[row]];
      return [
        photographs.paths[image],
        prototype,
        names[prototype],
        rounded(regions.area[row]),
        ...Array.from(regions.boxes.subarray(4 * row, 4 * row + 4), rounded),
        rounded(regions.confidence[row]),
        photographs.widths[image],
        photographs.heights[image],
      ];
    });
    onWritten(to);
    yield textBytes(csvLines(lines));
  }
};
