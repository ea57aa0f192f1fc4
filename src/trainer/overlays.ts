import type { Config } from '../config/fields.ts';
import type { ImageSource, RgbImage } from '../data/image.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import type { Overlay } from './events.ts';
import { segmentationSize, type Segmenter } from './segment.ts';

/** The watched images with their slots. */
export async function drawOverlays(
  segmenter: Segmenter,
  config: Config,
  images: ImageSource,
): Promise<readonly Overlay[]> {
  const { watchedImages, prototypes } = config;
  const size = segmentationSize(config);
  // Spread over the folder, so that neighbours in name, which tend to look alike, don't crowd the view.
  const count = Math.min(watchedImages, images.count);
  const indices = Array.from({ length: count }, (_, slot) => Math.floor((slot * images.count) / count));
  const squares: RgbImage[] = [];
  for (const index of indices) squares.push(resizeCenterCrop(await images.get(index), size, size, 'bilinear'));
  const { dots: data, height, width } = await segmenter.run(squares);
  const cells = height * width * prototypes;
  return squares.map((square, slot) => ({
    imageIndex: indices[slot],
    path: images.path(indices[slot]),
    size,
    rgb: square.data,
    labels: upsampleArgmax(data.subarray(slot * cells, (slot + 1) * cells), prototypes, height, width, size, size),
  }));
}
