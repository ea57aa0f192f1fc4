import type { Config } from '../config/fields.ts';
import type { ImageSource } from '../domain/images.ts';
import type { SlotGrid } from '../domain/slotGrid.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { createEdgeFilter, type EdgeFilter } from './edges/edgeFilter.ts';
import { inferWholeImages, type OnImages } from './coveredImages.ts';
import { createSegmenter, type Segmenter } from './segmenter.ts';
import { joinSquares } from './wholeImage.ts';

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

/** Segmentation of a whole image. */
export interface SegmentedImage {
  readonly imageIndex: number;
  readonly grid: SlotGrid;
  /** The grid with slopes, by which segments follow the edges of the image. */
  readonly edges: SlotGrid;
}

/** Segments whole images of any shape, as overlays do. See `inferWholeImages`. */
export async function* segmentWholeImages(
  { segmenter, edges, config }: WholeSegmenter,
  images: ImageSource,
  indices: Iterable<number>,
  onProgress?: OnImages,
): AsyncGenerator<SegmentedImage> {
  for await (const inferred of inferWholeImages(segmenter, ['dots'], config, images, indices, onProgress)) {
    const { imageIndex, cover, parts } = inferred;
    const joined = joinSquares(cover, parts.dots, config.prototypes);
    yield { imageIndex, ...(await edges.grids(joined, await images.get(imageIndex))) };
  }
}

/** Indices of all images. */
export function* allImages({ count }: ImageSource): Generator<number> {
  for (let index = 0; index < count; index++) yield index;
}
