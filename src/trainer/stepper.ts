import type { TwoCrops } from '../data/image.ts';
import type { Engine } from '../ops/ops.ts';
import { alignmentMatrix } from '../slotcon/invaug.ts';
import type { Model } from '../slotcon/model.ts';
import { STUDENT_PREFIX } from '../slotcon/networks.ts';
import { normalizePixels } from './normalize.ts';
import { unpackMetrics, type Metrics } from './signals.ts';
import { trainingStep, type Probe } from './step.ts';

/** A batch on the host: B images · two views, view 1 of all images first · n = h·w cells. */
export interface HostBatch {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Normalised: [2B,H,W,3] */
  readonly images: Float32Array;
  /** [2B,n,n] */
  readonly alignment: Float32Array;
}

/** Puts the views of a batch together; crops are height × width × 3. */
export function assembleBatch(model: Model, samples: readonly TwoCrops[], height: number, width: number): HostBatch {
  const pixels = height * width * 3;
  const [h, w] = model.networks.encoder.outputSize(height, width);
  const matrix = (h * w) ** 2;
  const images = new Float32Array(2 * samples.length * pixels);
  const alignment = new Float32Array(2 * samples.length * matrix);
  for (const view of [0, 1] as const) {
    samples.forEach(({ crops, coords, flips }, index) => {
      const row = view * samples.length + index;
      normalizePixels(crops[view], images.subarray(row * pixels, (row + 1) * pixels));
      alignment.set(alignmentMatrix(coords[view], flips[view], h, w), row * matrix);
    });
  }
  return { count: samples.length, height, width, images, alignment };
}

/** Runs steps on a model and keeps its books (`num_batches_tracked`). */
export async function runStep(
  engine: Engine,
  model: Model,
  batch: HostBatch,
  rates: { readonly lr: number; readonly teacherMomentum: number },
  probe?: Probe,
): Promise<Metrics> {
  const { count, height, width } = batch;
  const cells = Math.sqrt(batch.alignment.length / (2 * count));
  const rows = count * model.config.prototypes;
  const { metrics } = engine.scope(() => {
    const inputs = {
      images: engine.upload(batch.images, [2 * count, height, width, 3]),
      alignment: engine.upload(batch.alignment, [2 * count, cells, cells]),
      diagonal: engine.upload(identity(rows), [rows, rows]),
      lr: engine.upload(Float32Array.of(rates.lr), []),
      teacherMomentum: engine.upload(Float32Array.of(rates.teacherMomentum), []),
    };
    return trainingStep(engine, model, inputs, probe);
  });
  const measured = unpackMetrics(await engine.read(metrics));
  engine.release(metrics);
  const { kept1, kept2 } = measured.scalars;
  for (const [norm, before] of model.batchesTracked) {
    // The predictor sees a direction only when it has at least two queries.
    const seen = norm.startsWith(STUDENT_PREFIX.predictor) ? Number(kept1 >= 2) + Number(kept2 >= 2) : 2;
    model.batchesTracked.set(norm, before + seen);
  }
  return measured;
}

function identity(size: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let index = 0; index < size; index++) matrix[index * (size + 1)] = 1;
  return matrix;
}
