import type { Box } from '../domain/images.ts';

/**
 * Inverse augmentation (§3.3 of the paper): RoIAlign of a map to the overlap of the two views, then the flip undone.
 * Both are linear in the map and the boxes are known before the step, so for each view they are one matrix:
 * aligned[cell] = Σ matrix[cell, source]·map[source].
 *
 * RoIAlign as torchvision with aligned = true, output h×w, sampling ratio ceil(roi/out). Boxes that are empty or turned
 * inside out (disjoint crops) have no samples and give 0.
 */
export function alignmentMatrix(box: Box, flipped: boolean, height: number, width: number): Float32Array {
  const [x1, y1, x2, y2] = box;
  const cells: Box = [x1 * width, y1 * height, x2 * width, y2 * height];
  return roiAlignMatrix(cells, [height, width], [height, width], flipped);
}

/** RoIAlign of a box in cells as a matrix [outH·outW, inH·inW]; `flipped` mirrors the output. */
export function roiAlignMatrix(
  box: Box,
  [inHeight, inWidth]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
  flipped = false,
): Float32Array {
  const rows = axisWeights(box[1], box[3], inHeight, outHeight);
  const columns = axisWeights(box[0], box[2], inWidth, outWidth);
  const matrix = new Float32Array(outHeight * outWidth * inHeight * inWidth);
  // An average over samples of a product of two interpolations is the product of the averages.
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const target = (y * outWidth + (flipped ? outWidth - 1 - x : x)) * inHeight * inWidth;
      for (let sy = 0; sy < inHeight; sy++) {
        const wy = rows[y * inHeight + sy];
        if (wy === 0) continue;
        for (let sx = 0; sx < inWidth; sx++) matrix[target + sy * inWidth + sx] = wy * columns[x * inWidth + sx];
      }
    }
  }
  return matrix;
}

/** Weights of `size` source positions in each of `bins` bins of [start, end): [bins,size]. */
function axisWeights(start: number, end: number, size: number, bins: number): Float64Array {
  const weights = new Float64Array(bins * size);
  const bin = (end - start) / bins;
  const samples = Math.ceil(bin);
  for (let index = 0; index < bins; index++) {
    for (let sample = 0; sample < samples; sample++) {
      // aligned = true: positions shift by half a cell.
      const position = start - 0.5 + bin * index + ((sample + 0.5) * bin) / samples;
      if (position < -1 || position > size) continue;
      const clamped = Math.max(0, position);
      const low = Math.min(Math.floor(clamped), size - 1);
      const high = Math.min(low + 1, size - 1);
      const fraction = low === high ? 0 : clamped - low;
      weights[index * size + low] += (1 - fraction) / samples;
      weights[index * size + high] += fraction / samples;
    }
  }
  return weights;
}
