import { shrunkSize } from '../../data/decode/targetSize.ts';
import { resizeCrop } from '../../data/resample.ts';
import type { ImageSource } from '../../domain/images.ts';
import { slotLabels, wholeWindow, type SlotGrid } from '../../domain/slotGrid.ts';
import { guideOf } from '../../lib/edges/guidedFilter.ts';
import type { SegmentedImage } from '../slotGrids.ts';
import type { Photographs } from './maskWriter.ts';

/** Winning prototype of each pixel of an image, in the size of its file, upright. */
export interface WholeMask {
  readonly imageIndex: number;
  readonly width: number;
  readonly height: number;
  /** height × width, row by row. */
  readonly labels: Uint16Array;
}

/** Longer side at which a photograph shows its edges: of larger ones its pixels show no more. */
const GUIDE_SIDE = 2048;
/** Rows of a mask that are labeled at a time. */
const BAND = 256;

/** Labels of each image at the size of its file; with `photographs` their borders follow its edges. */
export async function* wholeMasks(
  segmented: AsyncIterable<SegmentedImage>,
  images: ImageSource,
  photographs: Photographs | undefined,
): AsyncGenerator<WholeMask> {
  for await (const { imageIndex, grid, edges } of segmented) {
    const { width, height } = images.dimensions(imageIndex);
    const labels = photographs
      ? await followEdges(edges, imageIndex, { width, height }, photographs)
      : slotLabels(grid, wholeWindow(width, height));
    yield { imageIndex, width, height, labels };
  }
}

async function followEdges(
  edges: SlotGrid,
  imageIndex: number,
  size: { readonly width: number; readonly height: number },
  photographs: Photographs,
): Promise<Uint16Array> {
  const shrunk = shrunkSize(size.width, size.height, { longer: GUIDE_SIDE });
  const photograph = await photographs.read(imageIndex, shrunk.width, shrunk.height);
  const labels = new Uint16Array(size.width * size.height);
  for (let top = 0; top < size.height; top += BAND) {
    const part = { top, left: 0, width: size.width, height: Math.min(BAND, size.height - top) };
    const { gray } = guideOf(resizeCrop(photograph, size, part, 'bilinear'));
    labels.set(slotLabels(edges, { ...wholeWindow(size.width, size.height), ...part }, gray), top * size.width);
  }
  return labels;
}
