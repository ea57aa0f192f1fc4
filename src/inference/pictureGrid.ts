import type { RgbImage } from '../domain/images.ts';
import type { PictureSlots } from '../domain/reports.ts';
import { overlaySize } from './segmenter.ts';
import type { WholeSegmenter } from './slotGrids.ts';
import { coverImage, joinSquares } from './wholeImage.ts';

/** Squares per forward pass; a panorama takes several. */
const MAX_BATCH = 4;

/**
 * Segments one picture, as overlays do: in a batch as small as it needs, so that frames of a camera come soon. Each number
 * of squares is a program of its own, which the segmenter keeps.
 */
export async function segmentPicture(whole: WholeSegmenter, picture: RgbImage): Promise<PictureSlots> {
  const { segmenter, edges, config } = whole;
  const cover = coverImage(picture, overlaySize(config), config.outputStride);
  const squares = cover.squares.map(({ image }) => image);
  const parts: Float32Array[] = [];
  for (let from = 0; from < squares.length; from += MAX_BATCH) {
    const batch = squares.slice(from, from + MAX_BATCH);
    const { dots } = await segmenter.run(batch);
    const length = dots.length / batch.length;
    batch.forEach((_, at) => parts.push(dots.slice(at * length, (at + 1) * length)));
  }
  return edges.grids(joinSquares(cover, parts, config.prototypes), picture);
}
