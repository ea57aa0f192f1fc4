import type { ImageSource } from '../domain/images.ts';
import type { Engine } from '../ops/engine.ts';
import { encode } from '../slotcon/forward.ts';
import type { Model } from '../slotcon/model.ts';
import { centerSquares, createImageProgram, IMAGES_PER_PASS } from './imageProgram.ts';
import { segmentationSize } from './segment.ts';

/**
 * What the teacher's encoder makes of each whole picture: the mean of its features over the cells, [N,C]. BatchNorm goes
 * by the running statistics, so that a picture's embedding doesn't depend on the others.
 */
export async function embedImages(
  engine: Engine,
  model: Model,
  images: ImageSource,
  onProgress: (done: number) => void = () => undefined,
): Promise<Float32Array> {
  const size = segmentationSize(model.config);
  const channels = model.networks.encoder.outChannels;
  const program = createImageProgram(engine, model, (pixels) => {
    const features = encode(model, 'teacher', pixels, { kind: 'running' });
    return { means: features.y.mean(1, 2) };
  });
  const embeddings = new Float32Array(images.count * channels);
  for (let start = 0; start < images.count; start += IMAGES_PER_PASS) {
    const count = Math.min(IMAGES_PER_PASS, images.count - start);
    const { means } = await program.run(await centerSquares(images, start, count, size));
    embeddings.set(means.subarray(0, count * channels), start * channels);
    onProgress(start + count);
  }
  program.dispose();
  return embeddings;
}
