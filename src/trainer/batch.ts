import { normalizePixels } from '../data/normalize.ts';
import type { TwoCrops } from '../domain/images.ts';
import type { DeviceFill } from '../ops/ops.ts';
import { alignmentWeights, type AxisWeights } from '../slotcon/invaug.ts';
import type { Model } from '../slotcon/model.ts';

/** B images of H×W pixels. */
export interface BatchSize {
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** A batch: B images · two views, view 1 of all images first · h×w cells. */
export interface Batch extends BatchSize {
  /** Normalized: [2B,H,W,3] */
  readonly images: Float32Array | DeviceFill;
  /** [2B,h,h], [2B,w,w] */
  readonly alignment: AxisWeights<Float32Array>;
}

/** Assembles a batch from views; crops are height × width × 3. */
export function assembleBatch(model: Model, samples: readonly TwoCrops[], height: number, width: number): Batch {
  const pixels = height * width * 3;
  const images = new Float32Array(2 * samples.length * pixels);
  for (const view of [0, 1] as const) {
    samples.forEach(({ crops }, index) => {
      const row = view * samples.length + index;
      normalizePixels(crops[view], images.subarray(row * pixels, (row + 1) * pixels));
    });
  }
  const size = { count: samples.length, height, width };
  return { ...size, images, alignment: alignmentOf(model, samples, size) };
}

/** Inverse augmentation of each view: [2B,h,h], [2B,w,w] */
export function alignmentOf(
  model: Model,
  places: readonly Pick<TwoCrops, 'coords' | 'flips'>[],
  { height, width }: BatchSize,
): AxisWeights<Float32Array> {
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const rows = new Float32Array(2 * places.length * h * h);
  const columns = new Float32Array(2 * places.length * w * w);
  for (const view of [0, 1] as const) {
    places.forEach(({ coords, flips }, index) => {
      const own = alignmentWeights(coords[view], flips[view], h, w);
      const row = view * places.length + index;
      rows.set(own.rows, row * h * h);
      columns.set(own.columns, row * w * w);
    });
  }
  return { rows, columns };
}
