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

/** Index, relative to `at`, of the first maximum of `count` values: the prototype that wins a cell. */
export function argmaxAt(values: Float32Array, at: number, count: number): number {
  let winner = 0;
  for (let index = 1; index < count; index++) if (values[at + index] > values[at + winner]) winner = index;
  return winner;
}
