import type { RegionOrigin, RegionTable } from '../../domain/regions.ts';
import type { unpackContent } from './columns.ts';

/** What a file holds, up to the first part that is cut off or damaged. */
export interface RegionFileContent {
  readonly origin: RegionOrigin;
  readonly photographs: number;
  readonly regions: number;
  readonly cells: number;
  /** Bytes that are whole. */
  readonly end: number;
}

/** The columns of a whole table, filled part by part. */
export function createTableColumns({ origin, photographs, regions, cells }: RegionFileContent, isWhole: boolean) {
  const { dimensions } = origin;
  const paths: string[] = [];
  const table = {
    origin,
    isComplete: photographs === origin.images,
    photographs: {
      count: photographs,
      paths,
      widths: new Uint32Array(photographs),
      heights: new Uint32Array(photographs),
      dates: new Float64Array(photographs),
      regionStarts: new Uint32Array(photographs + 1),
      cells: {
        rows: new Uint16Array(photographs),
        columns: new Uint16Array(photographs),
        starts: new Uint32Array(photographs + 1),
        winners: new Uint16Array(cells),
      },
    },
    regions: {
      count: regions,
      image: new Uint32Array(regions),
      prototype: new Uint16Array(regions),
      area: new Float32Array(regions),
      boxes: new Float32Array(4 * regions),
      confidence: new Float32Array(regions),
    },
    vectors: new Float32Array(isWhole ? regions * dimensions : 0),
    colors: new Uint8Array(isWhole ? 3 * cells : 0),
  } satisfies RegionTable;
  let [row, cell] = [0, 0];
  return {
    /** Takes the columns of a part in the order in which they were written. */
    add: (columns: ReturnType<typeof unpackContent>): void => {
      const { photographs: into, regions: rows } = table;
      const [, regionsHere, cellsHere] = columns.u32();
      const first = paths.length;
      paths.push(...(columns.json() as string[]));
      into.widths.set(columns.u32(), first);
      into.heights.set(columns.u32(), first);
      into.dates.set(columns.f64(), first);
      const counts = columns.u32();
      into.cells.rows.set(columns.u16(), first);
      into.cells.columns.set(columns.u16(), first);
      for (let image = first; image < paths.length; image++) {
        const start = into.regionStarts[image];
        const end = start + counts[image - first];
        into.regionStarts[image + 1] = end;
        rows.image.fill(image, start, end);
        const size = into.cells.rows[image] * into.cells.columns[image];
        into.cells.starts[image + 1] = into.cells.starts[image] + size;
      }
      into.cells.winners.set(columns.u16(), cell);
      const colors = columns.u8();
      if (isWhole) table.colors.set(colors, 3 * cell);
      rows.prototype.set(columns.u16(), row);
      rows.area.set(columns.f32(), row);
      rows.boxes.set(columns.f32(), 4 * row);
      rows.confidence.set(columns.f32(), row);
      if (isWhole) table.vectors.set(columns.f32(), row * dimensions);
      row += regionsHere;
      cell += cellsHere;
    },
    finish: (): RegionTable => table,
  };
}
