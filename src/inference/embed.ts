import type { ImageSource } from '../domain/images.ts';
import type { Engine } from '../ops/engine.ts';
import { encode } from '../slotcon/forward.ts';
import type { Model } from '../slotcon/model.ts';
import { IMAGES_PER_BATCH, loadCenterSquares } from './imageBatches.ts';
import { createInference } from './inference.ts';
import { segmentationSize } from './segmenter.ts';

/**
 * Embeds the center square of each image: mean over its cells of the teacher encoder's features, [N,C]. BatchNorm uses
 * running statistics, so that an embedding doesn't depend on the rest of its batch.
 */
export async function embedImages(
  engine: Engine,
  model: Model,
  images: ImageSource,
  onProgress: (done: number) => void = () => undefined,
): Promise<Float32Array> {
  const size = segmentationSize(model.config);
  const channels = model.networks.encoder.outChannels;
  const program = createInference(engine, model, (pixels) => {
    const features = encode(model, 'teacher', pixels, { kind: 'running' });
    return { means: features.y.mean(1, 2) };
  });
  const embeddings = new Float32Array(images.count * channels);
  for (let start = 0; start < images.count; start += IMAGES_PER_BATCH) {
    const count = Math.min(IMAGES_PER_BATCH, images.count - start);
    const { means } = await program.run(await loadCenterSquares(images, start, count, size));
    embeddings.set(means.subarray(0, count * channels), start * channels);
    onProgress(start + count);
  }
  program.dispose();
  return embeddings;
}
