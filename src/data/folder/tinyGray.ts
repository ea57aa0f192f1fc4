import type { RgbImage } from '../../domain/images.ts';

/** Cells along a side of a tiny gray copy. */
const SIDE = 8;

/** Mean gray of 8 × 8 cells of an image, 0 to 255: enough to tell images apart. */
export interface TinyGray {
  readonly cells: Uint8Array;
  readonly mean: number;
  /** Standard deviation among the cells. */
  readonly cellDeviation: number;
  /** Standard deviation among the image's pixels. */
  readonly pixelDeviation: number;
}

export function tinyGray({ width, height, data }: RgbImage): TinyGray {
  const sums = new Float64Array(SIDE * SIDE);
  const counts = new Uint32Array(SIDE * SIDE);
  let [sum, squares] = [0, 0];
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * SIDE) / height) * SIDE;
    for (let x = 0; x < width; x++, at += 3) {
      const gray = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      const cell = row + Math.floor((x * SIDE) / width);
      sums[cell] += gray;
      counts[cell] += 1;
      sum += gray;
      squares += gray * gray;
    }
  }
  const mean = sum / (width * height);
  // An image of fewer than 8 pixels a side leaves cells empty.
  const cells = Uint8Array.from(sums, (total, cell) => (counts[cell] === 0 ? 0 : Math.round(total / counts[cell])));
  return {
    cells,
    mean,
    cellDeviation: deviation(cells),
    pixelDeviation: Math.sqrt(Math.max(0, squares / (width * height) - mean * mean)),
  };
}

/**
 * True where two images differ by no more than another size and JPEG compression do, about one level for each cell; less for
 * images of low contrast, whose content may be as faint.
 */
export function isNearlySame(a: TinyGray, b: TinyGray): boolean {
  const tolerance = 0.75 + 0.03 * Math.min(a.cellDeviation, b.cellDeviation);
  if (Math.abs(a.mean - b.mean) > 2 * tolerance) return false;
  const limit = tolerance * tolerance * a.cells.length;
  let total = 0;
  for (let cell = 0; cell < a.cells.length; cell++) {
    total += (a.cells[cell] - b.cells[cell]) ** 2;
    if (total > limit) return false;
  }
  return true;
}

function deviation(values: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}
