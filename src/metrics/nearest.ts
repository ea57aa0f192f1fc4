/**
 * Computes segments from dots, the cosines of every cell with every prototype.
 * n images · h×w cells · K prototypes. Dots are row-major [n,h,w,K]: the prototypes of a cell are contiguous.
 */

/** Keeps the score of a prototype that wins nowhere in an image finite (as the published viewer does). */
const MASK_FLOOR = 1e-6;

/** Shape of a batch of dots. */
export interface DotsShape {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly prototypes: number;
}

/**
 * Score of each prototype in each image, [n,K]: mean of the prototype's dots over the cells that it wins, or over all cells
 * if it wins none.
 */
export function segmentScores(dots: Float32Array, { images, height, width, prototypes }: DotsShape): Float32Array {
  const cells = height * width;
  const scores = new Float32Array(images * prototypes);
  for (let image = 0; image < images; image++) {
    const weighted = new Float64Array(prototypes);
    const weights = new Float64Array(prototypes);
    for (let cell = 0; cell < cells; cell++) {
      const at = (image * cells + cell) * prototypes;
      const winner = argmaxAt(dots, at, prototypes);
      for (let prototype = 0; prototype < prototypes; prototype++) {
        const weight = (prototype === winner ? 1 : 0) + MASK_FLOOR;
        weighted[prototype] += dots[at + prototype] * weight;
        weights[prototype] += weight;
      }
    }
    weighted.forEach((sum, prototype) => (scores[image * prototypes + prototype] = sum / weights[prototype]));
  }
  return scores;
}

/** For each prototype the `count` images with the highest scores, best first, ties in the order of the images. */
export function topImages(scores: Float32Array, prototypes: number, count = 5): number[][] {
  const images = scores.length / prototypes;
  return Array.from({ length: prototypes }, (_, prototype) => {
    const score = (image: number): number => scores[image * prototypes + prototype];
    return Array.from({ length: images }, (_, image) => image)
      .sort((a, b) => score(b) - score(a))
      .slice(0, count);
  });
}

/**
 * Winning prototype of each pixel, outHeight × outWidth: the dots [h,w,K] of one image are interpolated bilinearly
 * (cells and pixels are areas over the same square, as align_corners = false) and the first maximum wins.
 */
export function upsampleArgmax(
  dots: Float32Array,
  prototypes: number,
  height: number,
  width: number,
  outHeight: number,
  outWidth: number,
): Uint16Array {
  const labels = new Uint16Array(outHeight * outWidth);
  const columns = samplePoints(width, outWidth);
  const rowLength = width * prototypes;
  const line = new Float32Array(rowLength);
  samplePoints(height, outHeight).forEach(({ before, after, weight }, y) => {
    for (let i = 0; i < rowLength; i++) {
      line[i] = (1 - weight) * dots[before * rowLength + i] + weight * dots[after * rowLength + i];
    }
    for (let x = 0; x < outWidth; x++) {
      labels[y * outWidth + x] = interpolatedArgmax(line, columns[x], prototypes);
    }
  });
  return labels;
}

/** Two neighboring cells and the weight of the second. */
interface SamplePoint {
  readonly before: number;
  readonly after: number;
  readonly weight: number;
}

/** Positions of the centers of `outSize` pixels between the centers of `size` cells, clamped to the outer centers. */
function samplePoints(size: number, outSize: number): SamplePoint[] {
  return Array.from({ length: outSize }, (_, pixel) => {
    const position = Math.max(0, ((pixel + 0.5) * size) / outSize - 0.5);
    const before = Math.floor(position);
    return { before, after: Math.min(before + 1, size - 1), weight: position - before };
  });
}

function interpolatedArgmax(line: Float32Array, { before, after, weight }: SamplePoint, prototypes: number): number {
  const [left, right] = [before * prototypes, after * prototypes];
  let winner = 0;
  let max = -Infinity;
  for (let prototype = 0; prototype < prototypes; prototype++) {
    const value = (1 - weight) * line[left + prototype] + weight * line[right + prototype];
    if (value > max) {
      max = value;
      winner = prototype;
    }
  }
  return winner;
}

/** Index, relative to `at`, of the first maximum of `count` values: the prototype that wins a cell. */
export function argmaxAt(values: Float32Array, at: number, count: number): number {
  let winner = 0;
  for (let index = 1; index < count; index++) if (values[at + index] > values[at + winner]) winner = index;
  return winner;
}
