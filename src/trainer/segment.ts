import type { RgbImage } from '../data/image.ts';
import type { Engine } from '../ops/ops.ts';
import { encode, project, prototypesOf, type NormMode } from '../slotcon/forward.ts';
import { semanticGrouping } from '../slotcon/grouping.ts';
import type { Model } from '../slotcon/model.ts';
import { normalizePixels } from './normalize.ts';

export interface Dots {
  /** Cosines of prototypes and cells: [N,h,w,K] */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * The teacher's scores for pictures of one size. `statistics`: BatchNorm by this batch's own statistics (steady from the
 * first step on; needs several pictures) or by the running ones.
 */
export async function teacherDots(
  engine: Engine,
  model: Model,
  images: readonly RgbImage[],
  statistics: 'batch' | 'running',
): Promise<Dots> {
  const { width, height } = images[0];
  const pixels = width * height * 3;
  const input = new Float32Array(images.length * pixels);
  images.forEach(({ data }, index) => normalizePixels(data, input.subarray(index * pixels, (index + 1) * pixels)));
  const mode: NormMode = statistics === 'batch' ? { kind: 'batch', groups: 1 } : { kind: 'running' };
  const { dots } = engine.scope(() => {
    const { ops } = engine;
    const features = encode(ops, model, 'k', engine.upload(input, [images.length, height, width, 3]), mode);
    const z = project(ops, model, 'k', features, mode);
    return { dots: semanticGrouping(ops, z, prototypesOf(model, 'k'), model.config.teacherTemp).dots };
  });
  const data = await engine.read(dots);
  engine.release(dots);
  const [h, w] = model.networks.encoder.outputSize(height, width);
  return { data, height: h, width: w };
}

/** Side of the square pictures that are segmented: half as large again as a training crop, in whole cells. */
export function segmentationSize({ cropSize, outputStride }: { cropSize: number; outputStride: number }): number {
  return Math.round((1.5 * cropSize) / outputStride) * outputStride;
}
