import type { ImageSource } from '../data/image.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import type { Engine } from '../ops/ops.ts';
import { encode } from '../slotcon/forward.ts';
import type { Model } from '../slotcon/model.ts';
import { normalizePixels } from './normalize.ts';
import { segmentationSize } from './segment.ts';

/** Pictures a forward pass; their number changes nothing but the speed. */
const BATCH = 16;

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
  const pixels = size * size * 3;
  const program = await engine.program({ batch: [BATCH, size, size, 3] }, ({ batch }) => {
    const features = encode(engine.ops, model, 'k', batch, { kind: 'running' });
    const [, height, width] = features.shape;
    return { means: engine.ops.scale(engine.ops.sum(features, [1, 2]), 1 / (height * width)) };
  });
  const embeddings = new Float32Array(images.count * channels);
  // The last batch may be short: what is left over from the one before fills it and is not read.
  const batch = new Float32Array(BATCH * pixels);
  for (let start = 0; start < images.count; start += BATCH) {
    const count = Math.min(BATCH, images.count - start);
    for (let at = 0; at < count; at++) {
      const { data } = resizeCenterCrop(await images.get(start + at), size, size, 'bilinear');
      normalizePixels(data, batch.subarray(at * pixels, (at + 1) * pixels));
    }
    const { means } = await program.run({ batch });
    embeddings.set(means.subarray(0, count * channels), start * channels);
    onProgress(start + count);
  }
  program.dispose();
  return embeddings;
}
