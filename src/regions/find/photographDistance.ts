import type { RegionTable } from '../../domain/regions.ts';
import { dotOf } from './dots.ts';
import { colorDifference } from './regionColors.ts';

/** Difference of colors, the mean over the channels, from which on they have nothing in common. */
const OTHER_COLOR = 64;

/**
 * Returns a function that compares two photographs by all their cells, from 0, the same, to 1, half of it different. Half of what a cell counts is its
 * color; a quarter that the same prototype wins, and another one as much as the squared cosine of what sets its two regions apart
 * from others of their kind (their deviations). The other photograph may be mirrored, or of another size.
 */
export function comparePhotographs(table: RegionTable, deviation: Float32Array) {
  const alike = new Float64Array(table.origin.prototypes);
  return (image: number, other: number): number => {
    for (const [row, against] of sharedPrototypes(table, image, other)) {
      const cosine = cosineOf(deviation, row, against, table.origin.dimensions);
      alike[table.regions.prototype[row]] = (1 + Math.max(0, cosine) ** 2) / 2;
    }
    const similarity = Math.max(
      agreement(table, image, other, alike, false),
      agreement(table, image, other, alike, true),
    );
    return Math.min(1, 2 * (1 - similarity));
  };
}

/** Pairs of regions of the same prototype, of one photograph and the other. */
function* sharedPrototypes({ photographs, regions }: RegionTable, image: number, other: number) {
  const { regionStarts } = photographs;
  let against = regionStarts[other];
  for (let row = regionStarts[image]; row < regionStarts[image + 1]; row++) {
    // Both in the order of their prototypes.
    while (against < regionStarts[other + 1] && regions.prototype[against] < regions.prototype[row]) against++;
    if (against < regionStarts[other + 1] && regions.prototype[against] === regions.prototype[row]) {
      yield [row, against] as const;
    }
  }
}

/** A prototype's only region deviates by nothing: equal to itself. */
function cosineOf(vectors: Float32Array, row: number, other: number, dimensions: number): number {
  const lengths = dotOf(vectors, row, vectors, row, dimensions) * dotOf(vectors, other, vectors, other, dimensions);
  return lengths > 1e-12 ? dotOf(vectors, row, vectors, other, dimensions) / Math.sqrt(lengths) : 1;
}

/** Mean over the cells of the image, and of the other one, of what the prototype counts that wins in both, and the color. */
function agreement(
  { photographs: { cells }, colors }: RegionTable,
  image: number,
  other: number,
  alike: Float64Array,
  isMirrored: boolean,
): number {
  const over = (one: number, against: number): number => {
    const [rows, columns] = [cells.rows[one], cells.columns[one]];
    const [otherRows, otherColumns] = [cells.rows[against], cells.columns[against]];
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const otherRow = Math.floor(((row + 0.5) * otherRows) / rows);
      for (let column = 0; column < columns; column++) {
        const seen = Math.floor(((column + 0.5) * otherColumns) / columns);
        const otherColumn = isMirrored ? otherColumns - 1 - seen : seen;
        const cell = cells.starts[one] + row * columns + column;
        const otherCell = cells.starts[against] + otherRow * otherColumns + otherColumn;
        if (cells.winners[cell] === cells.winners[otherCell]) sum += alike[cells.winners[cell]];
        sum += Math.max(0, 1 - colorDifference(colors, cell, otherCell) / OTHER_COLOR);
      }
    }
    return sum / (2 * rows * columns);
  };
  return (over(image, other) + over(other, image)) / 2;
}
