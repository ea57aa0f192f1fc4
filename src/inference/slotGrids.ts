import type { Config } from '../config/fields.ts';
import type { ImageSource } from '../domain/images.ts';
import type { SlotGrid } from '../domain/slotGrid.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { createEdgeFilter, type EdgeFilter } from './edges/edgeFilter.ts';
import { padBatch } from './imageBatches.ts';
import { createSegmenter, overlaySize, type Segmenter } from './segmenter.ts';
import { coverImage, joinSquares, type CoveredImage, type CoverSquare } from './wholeImage.ts';

/** Segments whole images with the teacher of a model. */
export interface WholeSegmenter {
  readonly segmenter: Segmenter;
  readonly edges: EdgeFilter;
  readonly config: Config;
  dispose(): void;
}

export async function createWholeSegmenter(engine: Engine, model: Model): Promise<WholeSegmenter> {
  const segmenter = createSegmenter(engine, model);
  const edges = await createEdgeFilter(engine);
  return {
    segmenter,
    edges,
    config: model.config,
    dispose: () => {
      segmenter.dispose();
      edges.destroy();
    },
  };
}

/** Squares per forward pass. Always the same, as every batch size is a program of its own; the last batch is padded. */
const BATCH = 8;

/** Segmentation of a whole image. */
export interface SegmentedImage {
  readonly imageIndex: number;
  readonly grid: SlotGrid;
  /** The grid with slopes, by which segments follow the edges of the image. */
  readonly edges: SlotGrid;
}

/**
 * Segments whole images of any shape, as overlays do; `indices` are those of the wanted images. Yields in their order.
 * `onProgress` is called after every batch with the number of images done, including the fraction of the present one.
 */
export async function* segmentWholeImages(
  { segmenter, edges, config }: WholeSegmenter,
  images: ImageSource,
  indices: Iterable<number>,
  onProgress: (done: number) => void | Promise<void> = () => undefined,
): AsyncGenerator<SegmentedImage> {
  const pending: PendingImage[] = [];
  const waiting: { readonly target: PendingImage; readonly square: CoverSquare }[] = [];
  let finished = 0;
  const runBatch = async (): Promise<void> => {
    const batch = waiting.splice(0);
    const output = await segmenter.run(padBatch(batch.map(({ square }) => square.image), BATCH)); // prettier-ignore
    const length = output.dots.length / BATCH;
    batch.forEach(({ target }, at) => target.dots.push(output.dots.slice(at * length, (at + 1) * length)));
    const done = pending.reduce((sum, { cover, dots }) => sum + dots.length / cover.squares.length, finished);
    await onProgress(done);
  };
  const takeFinished = async function* (): AsyncGenerator<SegmentedImage> {
    while (pending.length > 0 && pending[0].dots.length === pending[0].cover.squares.length) {
      const [{ imageIndex, cover, dots }] = pending.splice(0, 1);
      finished += 1;
      yield {
        imageIndex,
        ...(await edges.grids(joinSquares(cover, dots, config.prototypes), await images.get(imageIndex))),
      };
    }
  };
  for (const imageIndex of indices) {
    const cover = coverImage(await images.get(imageIndex), overlaySize(config), config.outputStride);
    const target = { imageIndex, cover, dots: [] };
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

interface PendingImage {
  readonly imageIndex: number;
  readonly cover: CoveredImage;
  /** Of the squares that have been segmented. */
  readonly dots: Float32Array[];
}

/** Indices of all images. */
export function* allImages({ count }: ImageSource): Generator<number> {
  for (let index = 0; index < count; index++) yield index;
}
