import type { Mask } from '../data/masks/mask.ts';
import type { RegionClasses, RegionOverview } from '../domain/regions.ts';

/** Masks of the photographs of a table. */
export interface RegionMasks {
  has(image: number): boolean;
  read(image: number): Promise<Mask>;
  className(value: number): string;
}

/** Pixels of a mask that are looked at, per cell and side. */
const PER_CELL = 4;

/** The class that most pixels of each region have. Photographs whose mask can't be used count as having none. */
export async function classifyRegions(
  { photographs, regions }: RegionOverview,
  masks: RegionMasks,
  onProgress: (done: number) => Promise<void>,
): Promise<RegionClasses> {
  const classes = new Int16Array(regions.count).fill(-1);
  const indices = new Map<number, number>();
  for (let image = 0; image < photographs.count; image++) {
    await onProgress(image);
    if (!masks.has(image)) continue;
    const mask = await masks.read(image).catch(() => undefined);
    if (!mask) continue;
    const { rows, columns, starts, winners } = photographs.cells;
    const grid = { rows: rows[image], columns: columns[image], winners: winners.subarray(starts[image]) };
    const majority = majorities(grid, mask);
    for (let row = photographs.regionStarts[image]; row < photographs.regionStarts[image + 1]; row++) {
      const value = majority.get(regions.prototype[row]);
      if (value === undefined) continue;
      if (!indices.has(value)) indices.set(value, indices.size);
      classes[row] = indices.get(value) ?? -1;
    }
  }
  return { classes, names: [...indices.keys()].map((value) => masks.className(value)) };
}

interface Cells {
  readonly rows: number;
  readonly columns: number;
  readonly winners: Uint16Array;
}

/** The most frequent value of the mask in the cells of each prototype. */
function majorities({ rows, columns, winners }: Cells, { width, height, data }: Mask): Map<number, number> {
  const counts = new Map<number, Map<number, number>>();
  for (let row = 0; row < rows * PER_CELL; row++) {
    const y = Math.floor(((row + 0.5) * height) / (rows * PER_CELL));
    for (let column = 0; column < columns * PER_CELL; column++) {
      const x = Math.floor(((column + 0.5) * width) / (columns * PER_CELL));
      const prototype = winners[Math.floor(row / PER_CELL) * columns + Math.floor(column / PER_CELL)];
      const values = counts.get(prototype) ?? new Map<number, number>();
      const value = data[y * width + x];
      values.set(value, (values.get(value) ?? 0) + 1);
      counts.set(prototype, values);
    }
  }
  const most = (values: Map<number, number>): number => [...values].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  return new Map([...counts].map(([prototype, values]) => [prototype, most(values)]));
}
