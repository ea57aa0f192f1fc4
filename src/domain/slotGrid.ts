/**
 * Dots of a whole image, cells in rows × columns: for each cell only the prototypes that can win a place between it and
 * its neighbors. Their bilinear interpolation gives exact labels at any resolution.
 */
export interface SlotGrid {
  readonly rows: number;
  readonly columns: number;
  /** Cell c, counted row by row, has the entries `starts[c]` to `starts[c + 1]`. */
  readonly starts: Uint32Array;
  /** Prototype of each entry, ascending within a cell. */
  readonly prototypes: Uint16Array;
  /** Cosine of the entry's prototype with the cell; with slopes the value where the image is of middle gray. */
  readonly dots: Float32Array;
  /** What an entry's value gains from black to white, where segments follow the edges of the image. */
  readonly slopes?: Float32Array;
  /** Label that each prototype is given; its own index if missing. */
  readonly leaders?: Uint16Array;
}

/** A part of an image, in pixels of some resolution. Fractions of a pixel are allowed but for the part's size. */
export interface LabelWindow {
  /** Size of the whole image. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly left: number;
  readonly top: number;
  /** Size of the part, in whole pixels; may extend beyond the image. */
  readonly width: number;
  readonly height: number;
}

/** Label of pixels outside the image. */
export const OUTSIDE = 0xffff;

/** The whole image in width × height pixels. */
export function wholeWindow(width: number, height: number): LabelWindow {
  return { imageWidth: width, imageHeight: height, left: 0, top: 0, width, height };
}

/** Keeps of the dots [rows,columns,K], and of their slopes if there are any, what can win. */
export function createSlotGrid(
  dots: Float32Array,
  prototypes: number,
  rows: number,
  columns: number,
  slopes?: Float32Array,
): SlotGrid {
  // A value that is linear in the gray is largest at one of its ends.
  const ends = slopes ? [-0.5, 0.5].map((gray) => dots.map((dot, at) => dot + gray * slopes[at])) : [dots];
  const kept = Array.from({ length: rows * columns }, () => new Set<number>());
  for (let row = 0; row < Math.max(1, rows - 1); row++) {
    for (let column = 0; column < Math.max(1, columns - 1); column++) {
      const cells = cornersOf(row, column, rows, columns);
      for (const prototype of findCandidates(ends, prototypes, cells)) {
        for (const cell of cells) kept[cell].add(prototype);
      }
    }
  }
  const starts = new Uint32Array(rows * columns + 1);
  kept.forEach(({ size }, cell) => (starts[cell + 1] = starts[cell] + size));
  const grid = {
    rows,
    columns,
    starts,
    prototypes: new Uint16Array(starts[rows * columns]),
    dots: new Float32Array(starts[rows * columns]),
    ...(slopes && { slopes: new Float32Array(starts[rows * columns]) }),
  };
  kept.forEach((candidates, cell) => {
    const sorted = Uint16Array.from(candidates).sort();
    grid.prototypes.set(sorted, starts[cell]);
    sorted.forEach((prototype, at) => {
      grid.dots[starts[cell] + at] = dots[cell * prototypes + prototype];
      if (slopes && grid.slopes) grid.slopes[starts[cell] + at] = slopes[cell * prototypes + prototype];
    });
  });
  return grid;
}

/** The four cells around the places between (row, column) and its neighbors below and to the right. */
function cornersOf(row: number, column: number, rows: number, columns: number): [number, number, number, number] {
  const [below, right] = [Math.min(row + 1, rows - 1), Math.min(column + 1, columns - 1)];
  return [row * columns + column, row * columns + right, below * columns + column, below * columns + right];
}

/** Prototypes that no other one beats at all four corners, and so everywhere between them. Of equals the first wins. */
function findCandidates(ends: readonly Float32Array[], prototypes: number, cells: readonly number[]): number[] {
  let front: number[] = [];
  const corners = ends.flatMap((values) =>
    cells.map((cell) => values.subarray(cell * prototypes, (cell + 1) * prototypes)),
  );
  for (let prototype = 0; prototype < prototypes; prototype++) {
    const isBeaten = front.some((other) => corners.every((values) => values[other] >= values[prototype]));
    if (isBeaten) continue;
    front = front.filter((other) => corners.some((values) => values[prototype] <= values[other]));
    front.push(prototype);
  }
  return front;
}

/**
 * Label of each pixel of a part of the image, row by row: the dots are interpolated bilinearly (cells and pixels are areas
 * of the same image, as align_corners = false) and the first maximum wins. OUTSIDE beyond the image. For a grid with slopes
 * `gray` holds the gray of each pixel of the part, from −0.5 to 0.5; without it edges are not followed.
 */
export function slotLabels(grid: SlotGrid, window: LabelWindow, gray?: Float32Array): Uint16Array {
  const { width, height, left, top, imageWidth, imageHeight } = window;
  const labels = new Uint16Array(width * height);
  const across = spansOf(grid.columns, imageWidth, left, width);
  const down = spansOf(grid.rows, imageHeight, top, height);
  if (across.from > 0 || across.to < width || down.from > 0 || down.to < height) labels.fill(OUTSIDE);
  for (const rows of down.spans) {
    for (const columns of across.spans) fillBlock(grid, rows, columns, labels, width, gray);
  }
  return labels;
}

/** Pixels `from` to `to` that lie between cell `before` and the next, with the weight of the next one for each. */
interface Span {
  readonly before: number;
  readonly from: number;
  readonly to: number;
  readonly weights: Float64Array;
}

interface Spans {
  /** Pixels inside the image. */
  readonly from: number;
  readonly to: number;
  readonly spans: readonly Span[];
}

function spansOf(cells: number, imageSize: number, start: number, count: number): Spans {
  const from = Math.min(count, Math.max(0, Math.ceil(-start - 0.5)));
  const to = Math.max(from, Math.min(count, Math.ceil(imageSize - start - 0.5)));
  const position = (pixel: number): number => Math.max(0, ((start + pixel + 0.5) * cells) / imageSize - 0.5);
  const spans: Span[] = [];
  for (let pixel = from; pixel < to;) {
    const before = Math.min(cells - 1, Math.floor(position(pixel)));
    let end = pixel + 1;
    while (end < to && Math.min(cells - 1, Math.floor(position(end))) === before) end++;
    const weights = Float64Array.from({ length: end - pixel }, (_, at) => position(pixel + at) - before);
    spans.push({ before, from: pixel, to: end, weights });
    pixel = end;
  }
  return { from, to, spans };
}

/** Labels the pixels between four neighboring cells. */
function fillBlock(
  grid: SlotGrid,
  rows: Span,
  columns: Span,
  labels: Uint16Array,
  width: number,
  gray: Float32Array | undefined,
): void {
  const corners = cornersOf(rows.before, columns.before, grid.rows, grid.columns);
  const { candidates, values, slopes } = gatherCandidates(grid, corners);
  const { leaders } = grid;
  const labelOf = (at: number): number => leaders?.[candidates[at]] ?? candidates[at];
  if (candidates.length === 1) {
    const label = labelOf(0);
    for (let y = rows.from; y < rows.to; y++) labels.fill(label, y * width + columns.from, y * width + columns.to);
    return;
  }
  const count = candidates.length;
  const [left, right] = [new Float64Array(count), new Float64Array(count)];
  const [leftSlope, rightSlope] = [new Float64Array(count), new Float64Array(count)];
  for (let y = rows.from; y < rows.to; y++) {
    const down = rows.weights[y - rows.from];
    for (let at = 0; at < count; at++) {
      // Single precision, as the row of dots between two rows of cells has in the published viewer.
      left[at] = Math.fround((1 - down) * values[4 * at] + down * values[4 * at + 2]);
      right[at] = Math.fround((1 - down) * values[4 * at + 1] + down * values[4 * at + 3]);
      if (!gray || slopes.length === 0) continue;
      leftSlope[at] = (1 - down) * slopes[4 * at] + down * slopes[4 * at + 2];
      rightSlope[at] = (1 - down) * slopes[4 * at + 1] + down * slopes[4 * at + 3];
    }
    for (let x = columns.from; x < columns.to; x++) {
      const weight = columns.weights[x - columns.from];
      let winner = 0;
      let max = -Infinity;
      const shade = gray ? gray[y * width + x] : 0;
      for (let at = 0; at < count; at++) {
        const slope = (1 - weight) * leftSlope[at] + weight * rightSlope[at];
        const value = (1 - weight) * left[at] + weight * right[at] + shade * slope;
        if (value > max) {
          max = value;
          winner = at;
        }
      }
      labels[y * width + x] = labelOf(winner);
    }
  }
}

/** Prototypes that all four cells have, ascending, with their dots and slopes: four per prototype. */
function gatherCandidates(
  { starts, prototypes, dots, slopes: allSlopes }: SlotGrid,
  corners: readonly [number, number, number, number],
): { readonly candidates: readonly number[]; readonly values: readonly number[]; readonly slopes: readonly number[] } {
  const at = corners.map((cell) => starts[cell]);
  const ends = corners.map((cell) => starts[cell + 1]);
  const candidates: number[] = [];
  const values: number[] = [];
  const slopes: number[] = [];
  while (at.every((place, corner) => place < ends[corner])) {
    const next = Math.max(...at.map((place) => prototypes[place]));
    if (at.every((place) => prototypes[place] === next)) {
      candidates.push(next);
      for (let corner = 0; corner < 4; corner++) {
        if (allSlopes) slopes.push(allSlopes[at[corner]]);
        values.push(dots[at[corner]++]);
      }
    } else {
      for (let corner = 0; corner < 4; corner++) {
        while (at[corner] < ends[corner] && prototypes[at[corner]] < next) at[corner]++;
      }
    }
  }
  return { candidates, values, slopes };
}

/** Label at a place of the image of this gray, both coordinates from 0 to 1; undefined outside. */
export function labelAt(grid: SlotGrid, x: number, y: number, gray = 0): number | undefined {
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return undefined;
  // One pixel of an image of size 1 whose center is (x, y).
  const window = { imageWidth: 1, imageHeight: 1, left: x - 0.5, top: y - 0.5, width: 1, height: 1 };
  return slotLabels(grid, window, Float32Array.of(gray))[0];
}

/** Pixels per cell and side of `coarseLabels`. */
export const COARSE = 4;
const coarse = new WeakMap<SlotGrid, Uint16Array>();

/** Labels of the whole image at a few pixels per cell, for counting: 4·rows × 4·columns. Kept with the grid. */
export function coarseLabels(grid: SlotGrid): Uint16Array {
  const known = coarse.get(grid);
  if (known) return known;
  const labels = slotLabels(grid, wholeWindow(COARSE * grid.columns, COARSE * grid.rows));
  coarse.set(grid, labels);
  return labels;
}

/** Bytes that a grid takes. */
export function slotGridBytes({ starts, prototypes, dots, slopes }: SlotGrid): number {
  return starts.byteLength + prototypes.byteLength + dots.byteLength + (slopes?.byteLength ?? 0);
}
