import { cropResize } from '../data/resample.ts';
import type { RgbImage } from '../domain/images.ts';
import { mutualInformation } from '../domain/scores/mutualInformation.ts';
import { COARSE, coarseLabels, type SlotGrid } from '../domain/slotGrid.ts';
import { createRandom } from '../lib/random.ts';
import { fitKMeans, nearestCenters } from '../metrics/kmeans.ts';

/** A segmented image. */
export interface ColoredSlots {
  readonly image: RgbImage;
  readonly grid: SlotGrid;
}

/** Number of pixels, over all images, that k-means is fitted on: some 10 ms for 16 prototypes, 100 for 256. */
const FITTED_PIXELS = 2048;
const OPTIONS = { dimensions: 3, restarts: 1, maxIterations: 20 };

/**
 * How far color alone explains the slots: NMI between them and k-means on the colors of the same pixels, with as many
 * clusters as prototypes. 0 is independent; 1 is the same division.
 */
export function colorAgreement(images: readonly ColoredSlots[], prototypes: number): number {
  const slots = images.map(({ grid }) => coarseLabels(grid));
  const pixels = slots.reduce((sum, { length }) => sum + length, 0);
  const colors = new Uint8Array(3 * pixels);
  let at = 0;
  images.forEach(({ image, grid }) => {
    const box = { top: 0, left: 0, height: image.height, width: image.width };
    const { data } = cropResize(image, box, COARSE * grid.rows, COARSE * grid.columns, 'bilinear');
    colors.set(data, at);
    at += data.length;
  });
  const clusters = Math.min(prototypes, pixels);
  const { centers } = fitKMeans(sampleColors(colors, pixels), { ...OPTIONS, clusters }, createRandom('colors'));
  const counts = new Float64Array(prototypes * clusters);
  const clusterOf = nearestCenters(colors, centers, 3);
  at = 0;
  for (const labels of slots) for (const label of labels) counts[label * clusters + clusterOf[at++]] += 1;
  return mutualInformation({ prototypes, classes: clusters, counts });
}

/** Evenly spaced, over all images. */
function sampleColors(colors: Uint8Array, pixels: number): Float32Array {
  const count = Math.min(pixels, FITTED_PIXELS);
  const sampled = new Float32Array(3 * count);
  for (let at = 0; at < count; at++) {
    const from = 3 * Math.floor((at * pixels) / count);
    sampled.set(colors.subarray(from, from + 3), 3 * at);
  }
  return sampled;
}
