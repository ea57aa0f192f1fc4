import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { writeState } from '../checkpoint/state.ts';
import type { Config } from '../config/fields.ts';
import type { ImageSource, RgbImage } from '../data/image.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { createRandom } from '../lib/random.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import type { Engine } from '../ops/ops.ts';
import { createModel, discardModel } from '../slotcon/model.ts';
import type { Overlay } from './events.ts';
import { createSegmenter, segmentationSize, type Segmenter } from './segment.ts';

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
  const { data, height, width } = await segmenter.run(squares);
  const cells = height * width * prototypes;
  return squares.map((square, slot) => ({
    imageIndex: indices[slot],
    path: images.path(indices[slot]),
    size,
    rgb: square.data,
    labels: upsampleArgmax(data.subarray(slot * cells, (slot + 1) * cells), prototypes, height, width, size, size),
  }));
}

/** What a run that continues from a checkpoint will draw before its first step, without a run. */
export async function previewOverlays(
  engine: Engine,
  { config, tensors }: Checkpoint,
  images: ImageSource,
): Promise<readonly Overlay[]> {
  const model = createModel(engine, config, createRandom(config.seed));
  const segmenter = createSegmenter(engine, model, 'batch');
  try {
    writeState(engine, model, tensors);
    return await drawOverlays(segmenter, config, images);
  } finally {
    segmenter.dispose();
    discardModel(engine, model);
  }
}
