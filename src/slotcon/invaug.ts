import type { Box } from '../domain/images.ts';
import type { Tensor } from '../ops/tensor.ts';

/** Weights of an interpolation along each axis. N maps · H×W cells of the results · h×w cells of the maps. */
export interface AxisWeights<Numbers> {
  /** [N,H,h] */
  readonly rows: Numbers;
  /** [N,W,w] */
  readonly columns: Numbers;
}

/**
 * Inverse augmentation (§3.3 of the paper): RoIAlign of a map to the overlap of the two views, then the flip undone.
 * Both are linear in the map, the boxes are known before the step, and the axes are independent:
 * aligned[y,x] = Σ rows[y,sy]·Σ columns[x,sx]·map[sy,sx].
 *
 * RoIAlign as torchvision with aligned = true, output h×w, sampling ratio ceil(roi/out). Boxes that are empty or turned
 * inside out (disjoint crops) have no samples and give 0.
 */
export function alignmentWeights(box: Box, flipped: boolean, height: number, width: number): AxisWeights<Float32Array> {
  const [x1, y1, x2, y2] = box;
  const cells: Box = [x1 * width, y1 * height, x2 * width, y2 * height];
  return roiAlignWeights(cells, [height, width], [height, width], flipped);
}

/** RoIAlign of one box in cells; `flipped` mirrors the output. */
export function roiAlignWeights(
  box: Box,
  [inHeight, inWidth]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
  flipped = false,
): AxisWeights<Float32Array> {
  const rows = axisWeights(box[1], box[3], inHeight, outHeight);
  const columns = axisWeights(box[0], box[2], inWidth, outWidth);
  return {
    rows: Float32Array.from(rows.flat()),
    columns: Float32Array.from((flipped ? columns.reverse() : columns).flat()),
  };
}

/** Applies the weights to maps [N,h·w,K]: [N,H·W,K]. */
export function align(maps: Tensor, { rows, columns }: AxisWeights<Tensor>): Tensor {
  const [count, , k] = maps.shape;
  const [, outHeight, height] = rows.shape;
  const [, outWidth, width] = columns.shape;
  const lines = rows.matMul(maps.reshape([count, height, width * k])); // [N,H,h]·[N,h,w·K] → [N,H,w·K]
  return lines
    .reshape([count, outHeight, 1, width, k])
    .mul(columns.reshape([count, 1, outWidth, width, 1]))
    .sum(3)
    .reshape([count, outHeight * outWidth, k]);
}

/** Weights of `size` source positions in each of `bins` bins of [start, end): [bins,size]. */
function axisWeights(start: number, end: number, size: number, bins: number): number[][] {
  const bin = (end - start) / bins;
  const samples = Math.ceil(bin);
  return Array.from({ length: bins }, (_, index) => {
    const weights = new Array<number>(size).fill(0);
    for (let sample = 0; sample < samples; sample++) {
      // aligned = true: positions shift by half a cell.
      const position = start - 0.5 + bin * index + ((sample + 0.5) * bin) / samples;
      if (position < -1 || position > size) continue;
      const clamped = Math.max(0, position);
      const low = Math.min(Math.floor(clamped), size - 1);
      const high = Math.min(low + 1, size - 1);
      const fraction = low === high ? 0 : clamped - low;
      weights[low] += (1 - fraction) / samples;
      weights[high] += fraction / samples;
    }
    return weights;
  });
}
