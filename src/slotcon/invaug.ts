import type { Box } from '../data/image.ts';

/**
 * Inverse augmentation (§3.3 of the paper): RoIAlign of a map to the overlap of the two views, then the flip undone.
 * Both are linear in the map and the boxes are known before the step, so for each view they are one matrix:
 * aligned[cell] = Σ matrix[cell, source]·map[source].
 *
 * RoIAlign as torchvision with aligned = true, output h×w, sampling ratio ceil(roi/out). Boxes that are empty or turned
 * inside out (disjoint crops) have no samples and give 0.
 */
export function alignmentMatrix(box: Box, flipped: boolean, height: number, width: number): Float32Array {
  const rows = axisWeights(box[1] * height, box[3] * height, height);
  const columns = axisWeights(box[0] * width, box[2] * width, width);
  const matrix = new Float32Array(height * width * height * width);
  // An average over samples of a product of two interpolations is the product of the averages.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const target = (y * width + (flipped ? width - 1 - x : x)) * height * width;
      for (let sy = 0; sy < height; sy++) {
        const wy = rows[y * height + sy];
        if (wy === 0) continue;
        for (let sx = 0; sx < width; sx++) matrix[target + sy * width + sx] = wy * columns[x * width + sx];
      }
    }
  }
  return matrix;
}

/** Weights of `size` source positions in each of `size` bins of [start, end): [size,size], rows are bins. */
function axisWeights(start: number, end: number, size: number): Float64Array {
  const weights = new Float64Array(size * size);
  const bin = (end - start) / size;
  const samples = Math.ceil(bin);
  for (let index = 0; index < size; index++) {
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
