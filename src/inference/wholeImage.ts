import { cropImage, cropResize, type Size } from '../data/resample.ts';
import type { RgbImage } from '../domain/images.ts';
import type { DotsGrid } from '../lib/edges/guidedFilter.ts';

/**
 * A whole image for a network that sees squares: resized so that its shorter side is a square's, and covered with squares
 * that overlap. Positions are in units of the largest cells that the settings allow, `units` per side of a square.
 */
export interface CoveredImage {
  /** All of it, resized. */
  readonly image: RgbImage;
  readonly rows: number;
  readonly columns: number;
  readonly units: number;
  readonly squares: readonly CoverSquare[];
}

export interface CoverSquare {
  /** First unit along the longer side. */
  readonly start: number;
  readonly image: RgbImage;
}

/** Images longer than this many times their shorter side are squeezed: they would take minutes without a visible gain. */
const MAX_ASPECT = 32;

/**
 * Covers an image with squares of `size` pixels, units of `stride` pixels. The longer side becomes a whole number of units,
 * which changes its proportions by half a unit at most.
 */
export function coverImage(image: RgbImage, size: number, stride: number): CoveredImage {
  const units = size / stride;
  const isTall = image.height > image.width;
  const longer = longerSide(image, units);
  const [rows, columns] = isTall ? [longer, units] : [units, longer];
  const all = { top: 0, left: 0, height: image.height, width: image.width };
  const resized = cropResize(image, all, rows * stride, columns * stride, 'bilinear');
  const squares = spreadStarts(longer, units).map((start) => {
    const box = { top: isTall ? start * stride : 0, left: isTall ? 0 : start * stride, height: size, width: size };
    return { start, image: cropImage(resized, box) };
  });
  return { image: resized, rows, columns, units, squares };
}

/** Number of squares that cover an image. */
export function countSquares(image: Size, units: number): number {
  return Math.ceil(longerSide(image, units) / units);
}

/** Longer side of an image in units, where the shorter side has `units`. */
function longerSide({ width, height }: Size, units: number): number {
  const aspect = Math.max(width, height) / Math.min(width, height);
  return Math.round(units * Math.min(aspect, MAX_ASPECT));
}

/** First units of as few squares as cover the longer side, evenly spread. */
function spreadStarts(longer: number, units: number): number[] {
  const gaps = Math.ceil(longer / units) - 1;
  return Array.from({ length: gaps + 1 }, (_, at) => (gaps === 0 ? 0 : Math.round((at * (longer - units)) / gaps)));
}

/**
 * Joins the dots of the squares, [cells,cells,K] each, in the order of `squares`; a unit is one cell or several. Where squares overlap, one fades into
 * the other, so that labels have no seam.
 */
export function joinSquares(
  { squares, units, ...cover }: CoveredImage,
  parts: readonly Float32Array[],
  prototypes: number,
): DotsGrid {
  const cells = Math.sqrt(parts[0].length / prototypes);
  const [rows, columns] = [cover.rows, cover.columns].map((side) => (side * cells) / units);
  if (squares.length === 1) return { dots: parts[0], rows, columns };
  const sums = new Float32Array(rows * columns * prototypes);
  const weights = new Float32Array(Math.max(rows, columns));
  squares.forEach((square, at) => {
    const start = (square.start * cells) / units;
    for (let along = 0; along < cells; along++) {
      const weight = Math.min(along + 1, cells - along);
      weights[start + along] += weight;
      for (let across = 0; across < cells; across++) {
        const [row, column] = rows > columns ? [start + along, across] : [across, start + along];
        const from = (rows > columns ? along * cells + across : across * cells + along) * prototypes;
        const to = (row * columns + column) * prototypes;
        for (let k = 0; k < prototypes; k++) sums[to + k] += weight * parts[at][from + k];
      }
    }
  });
  for (let at = 0; at < sums.length; at++) {
    const cell = Math.floor(at / prototypes);
    sums[at] /= weights[rows > columns ? Math.floor(cell / columns) : cell % columns];
  }
  return { dots: sums, rows, columns };
}
