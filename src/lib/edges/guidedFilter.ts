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
  const gray = new Float32Array(width * height);
  for (let at = 0; at < gray.length; at++) gray[at] = gray601(data[3 * at], data[3 * at + 1], data[3 * at + 2]);
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
  const toMeans = createBoxMean(width, height, radius);
  const guideMean = toMeans(Float64Array.from(gray));
  const variance = toMeans(Float64Array.from(gray, (value) => value * value));
  for (let at = 0; at < pixels; at++) variance[at] -= guideMean[at] ** 2;
  // Of one prototype, then of the next.
  const [slope, offset] = [new Float64Array(pixels), new Float64Array(pixels)];
  for (let k = 0; k < prototypes; k++) {
    const start = k * pixels;
    for (let at = 0; at < pixels; at++) {
      offset[at] = assignment[start + at];
      slope[at] = offset[at] * gray[at];
    }
    toMeans(offset);
    toMeans(slope);
    // Eq. 5 and 6: the line that fits the assignment in the window around each pixel.
    for (let at = 0; at < pixels; at++) {
      slope[at] = (slope[at] - guideMean[at] * offset[at]) / (variance[at] + epsilon);
      offset[at] -= slope[at] * guideMean[at];
    }
    // Eq. 8: mean over all windows that hold a pixel.
    toMeans(slope);
    toMeans(offset);
    // `set` converts between types several times slower.
    for (let at = 0; at < pixels; at++) {
      slopes[start + at] = slope[at];
      offsets[start + at] = offset[at];
    }
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
  const places = Array.from({ length: width }, (_, x) => placeOf(x, width, columns));
  for (let y = 0; y < height; y++) {
    const down = placeOf(y, height, rows);
    const [above, below] = [down.before * columns, down.after * columns];
    for (let x = 0; x < width; x++) {
      const { before, after, weight } = places[x];
      let sum = 0;
      for (let k = 0; k < prototypes; k++) {
        const upper = lerp(dots[(above + before) * prototypes + k], dots[(above + after) * prototypes + k], weight);
        const lower = lerp(dots[(below + before) * prototypes + k], dots[(below + after) * prototypes + k], weight);
        const dot = lerp(upper, lower, down.weight);
        // Cosines are at most 1: no overflow.
        values[k] = Math.exp((dot - 1) / temperature);
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

/** Returns a function that replaces each value of an image by the mean over the window around it, as far as it lies in the image. */
function createBoxMean(width: number, height: number, radius: number): (values: Float64Array) => Float64Array {
  const across = new Float64Array(width * height);
  const sums = new Float64Array(width);
  const [columns, rows] = [windowLengths(width, radius), windowLengths(height, radius)];
  return (values) => {
    for (let start = 0; start < across.length; start += width) {
      let sum = 0;
      for (let x = 0; x < Math.min(radius, width); x++) sum += values[start + x];
      for (let x = 0; x < width; x++) {
        if (x + radius < width) sum += values[start + x + radius];
        if (x > radius) sum -= values[start + x - radius - 1];
        across[start + x] = sum / columns[x];
      }
    }
    sums.fill(0);
    for (let y = 0; y < Math.min(radius, height); y++) addRow(sums, across, y * width, 1);
    for (let y = 0; y < height; y++) {
      if (y + radius < height) addRow(sums, across, (y + radius) * width, 1);
      if (y > radius) addRow(sums, across, (y - radius - 1) * width, -1);
      for (let x = 0; x < width; x++) values[y * width + x] = sums[x] / rows[y];
    }
    return values;
  };
}

function addRow(sums: Float64Array, values: Float64Array, start: number, sign: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] += sign * values[start + x];
}

/** Number of places in the window around each of `length` places in a row. */
function windowLengths(length: number, radius: number): Float64Array {
  return Float64Array.from({ length }, (_, at) => Math.min(length - 1, at + radius) - Math.max(0, at - radius) + 1);
}
