import { joinChunks } from '../../lib/joinChunks.ts';
import type { RegionTable } from '../../domain/regions.ts';
import { originPart, photographsPart } from '../../regions/file/writeRegions.ts';
import type { PhotographRegions } from '../../regions/regionPass.ts';

/** The file that a pass would write of a table. */
export function regionFileOf(table: RegionTable, perPart = 32): Uint8Array<ArrayBuffer> {
  const all = Array.from({ length: table.photographs.count }, (_, image) => photographAt(table, image));
  const parts = [originPart(table.origin)];
  for (let at = 0; at < all.length; at += perPart) parts.push(photographsPart(all.slice(at, at + perPart)));
  return joinChunks(parts);
}

/** A photograph as a pass finds it. */
function photographAt(
  { photographs, regions, vectors, colors, origin: { dimensions } }: RegionTable,
  image: number,
): PhotographRegions {
  const { cells, regionStarts } = photographs;
  const rows = Array.from(
    { length: regionStarts[image + 1] - regionStarts[image] },
    (_, at) => regionStarts[image] + at,
  );
  return {
    path: photographs.paths[image],
    width: photographs.widths[image],
    height: photographs.heights[image],
    date: photographs.dates[image],
    rows: cells.rows[image],
    columns: cells.columns[image],
    winners: cells.winners.slice(cells.starts[image], cells.starts[image + 1]),
    colors: colors.slice(3 * cells.starts[image], 3 * cells.starts[image + 1]),
    regions: rows.map((row) => {
      const [left, top, right, bottom] = regions.boxes.subarray(4 * row);
      return {
        prototype: regions.prototype[row],
        area: regions.area[row],
        box: [left, top, right, bottom],
        confidence: regions.confidence[row],
        vector: vectors.slice(row * dimensions, (row + 1) * dimensions),
      };
    }),
  };
}
