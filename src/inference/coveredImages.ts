import type { Config } from '../config/fields.ts';
import type { ImageSource, RgbImage } from '../domain/images.ts';
import { padBatch } from './imageBatches.ts';
import type { Inference } from './inference.ts';
import { overlaySize } from './segmenter.ts';
import { coverImage, type CoveredImage, type CoverSquare } from './wholeImage.ts';

/** Squares per forward pass. Always the same, as every batch size is a program of its own; the last batch is padded. */
const BATCH = 8;

/** A whole image with the outputs of each of its squares. */
export interface InferredImage<Output extends string> {
  readonly imageIndex: number;
  readonly image: RgbImage;
  readonly cover: CoveredImage;
  readonly parts: Readonly<Record<Output, readonly Float32Array[]>>;
}

/** Called after every batch with the number of images done, including the fraction of the present one. */
export type OnImages = (done: number) => void | Promise<void>;

/**
 * Runs the squares that cover whole images of any shape, many in a batch; `indices` are those of the wanted images. Yields in
 * their order.
 */
export async function* inferWholeImages<Output extends string>(
  inference: Inference<Output>,
  outputs: readonly Output[],
  config: Config,
  images: ImageSource,
  indices: Iterable<number>,
  onProgress: OnImages = () => undefined,
): AsyncGenerator<InferredImage<Output>> {
  const pending: PendingImage<Output>[] = [];
  const waiting: { readonly target: PendingImage<Output>; readonly square: CoverSquare }[] = [];
  let finished = 0;
  const runBatch = async (): Promise<void> => {
    const batch = waiting.splice(0);
    const output = await inference.run(
      padBatch(
        batch.map(({ square }) => square.image),
        BATCH,
      ),
    );
    batch.forEach(({ target }, at) => {
      for (const name of outputs) {
        const values: Float32Array = output[name];
        const length = values.length / BATCH;
        target.parts[name].push(values.slice(at * length, (at + 1) * length));
      }
      target.done += 1;
    });
    const done = pending.reduce((sum, one) => sum + one.done / one.cover.squares.length, finished);
    await onProgress(done);
  };
  const takeFinished = function* (): Generator<InferredImage<Output>> {
    while (pending.length > 0 && pending[0].done === pending[0].cover.squares.length) {
      const [{ imageIndex, image, cover, parts }] = pending.splice(0, 1);
      finished += 1;
      yield { imageIndex, image, cover, parts };
    }
  };
  for (const imageIndex of indices) {
    const image = await images.get(imageIndex);
    const cover = coverImage(image, overlaySize(config), config.outputStride);
    const parts = Object.fromEntries(outputs.map((name) => [name, []])) as unknown as PendingImage<Output>['parts'];
    const target = { imageIndex, image, cover, parts, done: 0 };
    pending.push(target);
    for (const square of cover.squares) {
      waiting.push({ target, square });
      if (waiting.length === BATCH) await runBatch();
    }
    yield* takeFinished();
  }
  if (waiting.length > 0) await runBatch();
  yield* takeFinished();
}

interface PendingImage<Output extends string> {
  readonly imageIndex: number;
  readonly image: RgbImage;
  readonly cover: CoveredImage;
  /** Of the squares that have been run. */
  readonly parts: Record<Output, Float32Array[]>;
  done: number;
}
