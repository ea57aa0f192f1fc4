/**
 * Guided filter of segmentations, in plain loops: He, Sun, Tang, "Guided Image Filtering", TPAMI 2013. The assignment of
 * each prototype is a linear function of the image's gray in every window, so that borders of segments follow its edges.
 */

/** Dots of an image, [rows,columns,K]. */
export interface DotsGrid {
  readonly dots: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** Gray image, height × width, values around 0. */
export interface Guide {
  readonly gray: Float32Array;
  readonly width: number;
  readonly height: number;
}

export interface GuidedFilterOptions {
  /** Of the softmax of the dots. */
  readonly temperature: number;
  /** Windows are 2·radius + 1 pixels wide, less at the image's border. */
  readonly radius: number;
  /** Variance of the gray below which a window counts as flat. */
  readonly epsilon: number;
}

/** The filtered assignment of prototype k is slope·gray + offset at each pixel; both [K,height,width]. */
export interface LinearModels {
  readonly slopes: Float32Array;
  readonly offsets: Float32Array;
}

/** Gray of 8-bit RGB (ITU-R 601), from −0.5 to 0.5: sums of values around 0 are exact to more digits. */
export function gray601(red: number, green: number, blue: number): number {
  return (0.299 * red + 0.587 * green + 0.114 * blue) / 255 - 0.5;
}

/** Guide of interleaved 8-bit RGB. */
export function guideOf({ width, height, data }: { width: number; height: number; data: Uint8Array }): Guide {
  const gray = Float32Array.from({ length: width * height }, (_, at) =>
    gray601(data[3 * at], data[3 * at + 1], data[3 * at + 2]),
  );
  return { gray, width, height };
}

/** Filters the softmax of the upsampled dots with the gray of the image. */
export function guidedFilter(
  { dots, rows, columns }: DotsGrid,
  { gray, width, height }: Guide,
  { temperature, radius, epsilon }: GuidedFilterOptions,
): LinearModels {
  const pixels = width * height;
  const prototypes = dots.length / (rows * columns);
  const assignment = upsampledSoftmax({ dots, rows, columns }, width, height, temperature);
  const slopes = new Float32Array(prototypes * pixels);
  const offsets = new Float32Array(prototypes * pixels);
  const mean = (values: ArrayLike<number>): Float64Array => boxMean(values, width, height, radius);
  const guideMean = mean(gray);
  const guideSquare = mean(gray.map((value) => value * value));
  for (let k = 0; k < prototypes; k++) {
    const own = assignment.subarray(k * pixels, (k + 1) * pixels);
    const ownMean = mean(own);
    const product = mean(own.map((value, at) => value * gray[at]));
    // Eq. 5 and 6: the line that fits the assignment in the window around each pixel.
    const slope = product.map((value, at) => {
      const variance = guideSquare[at] - guideMean[at] ** 2;
      return (value - guideMean[at] * ownMean[at]) / (variance + epsilon);
    });
    // Eq. 8: mean over all windows that hold a pixel.
    slopes.set(mean(slope), k * pixels);
    offsets.set(mean(ownMean.map((value, at) => value - slope[at] * guideMean[at])), k * pixels);
  }
  return { slopes, offsets };
}

/** Softmax over prototypes of the dots, interpolated bilinearly: [K,height,width]. */
export function upsampledSoftmax(
  { dots, rows, columns }: DotsGrid,
  width: number,
  height: number,
  temperature: number,
): Float32Array {
  const prototypes = dots.length / (rows * columns);
  const pixels = width * height;
  const result = new Float32Array(prototypes * pixels);
  const values = new Float64Array(prototypes);
  for (let y = 0; y < height; y++) {
    const down = placeOf(y, height, rows);
    for (let x = 0; x < width; x++) {
      const across = placeOf(x, width, columns);
      const dotOf = (row: number, column: number, k: number): number => dots[(row * columns + column) * prototypes + k];
      let sum = 0;
      for (let k = 0; k < prototypes; k++) {
        const above = lerp(dotOf(down.before, across.before, k), dotOf(down.before, across.after, k), across.weight);
        const below = lerp(dotOf(down.after, across.before, k), dotOf(down.after, across.after, k), across.weight);
        // Cosines are at most 1: no overflow.
        values[k] = Math.exp((lerp(above, below, down.weight) - 1) / temperature);
        sum += values[k];
      }
      for (let k = 0; k < prototypes; k++) result[k * pixels + y * width + x] = values[k] / sum;
    }
  }
  return result;
}

const lerp = (one: number, other: number, weight: number): number => one + weight * (other - one);

/** Cells around the center of a pixel, and the weight of the second. */
function placeOf(pixel: number, pixels: number, cells: number) {
  const position = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) * cells) / pixels - 0.5));
  const before = Math.floor(position);
  return { before, after: Math.min(before + 1, cells - 1), weight: position - before };
}

/** Mean over the window around each pixel, as far as it lies in the image. */
function boxMean(values: ArrayLike<number>, width: number, height: number, radius: number): Float64Array {
  const rows = new Float64Array(width * height);
  for (let y = 0; y < height; y++) meanAlong(values, rows, y * width, 1, width, radius);
  const result = new Float64Array(width * height);
  for (let x = 0; x < width; x++) meanAlong(rows, result, x, width, height, radius);
  return result;
}

function meanAlong(
  source: ArrayLike<number>,
  target: Float64Array,
  start: number,
  step: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  for (let at = 0; at < Math.min(radius, length); at++) sum += source[start + at * step];
  for (let at = 0; at < length; at++) {
    if (at + radius < length) sum += source[start + (at + radius) * step];
    if (at > radius) sum -= source[start + (at - radius - 1) * step];
    const count = Math.min(length - 1, at + radius) - Math.max(0, at - radius) + 1;
    target[start + at * step] = sum / count;
  }
}
