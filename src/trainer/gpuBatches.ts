import { type AugmentConfig, drawViews } from '../data/augment/augment.ts';
import type { ImageSource, TwoCrops } from '../domain/images.ts';
import type { AugmentItem, GpuAugmenter } from '../gpu/augment/augment.ts';
import type { Random } from '../lib/random.ts';

/** A drawn batch: views for the augmenter, and their positions in the images. */
export interface DrawnBatch {
  readonly items: readonly AugmentItem[];
  /** One per item. */
  readonly places: readonly Pick<TwoCrops, 'coords' | 'flips'>[];
}

/**
 * Draws the views of a batch, equal to those of `twoCrops`, and uploads its images to the GPU, where they are held until
 * the batch is encoded. Rejects as `images.get` does; images uploaded by then stay held.
 */
export async function drawBatch(
  augmenter: Pick<GpuAugmenter, 'hold' | 'store'>,
  images: ImageSource,
  indices: readonly number[],
  config: AugmentConfig,
  randomOf: (index: number) => Random,
): Promise<DrawnBatch> {
  const drawn = await Promise.all(
    indices.map(async (image) => {
      const { width, height } = augmenter.hold(image) ?? (await upload(augmenter, images, image));
      const views = drawViews(width, height, config, randomOf(image));
      const [first, second] = views;
      const place = { coords: [first.coords, second.coords], flips: [first.flip, second.flip] } as const;
      return { item: { image, views }, place };
    }),
  );
  return { items: drawn.map(({ item }) => item), places: drawn.map(({ place }) => place) };
}

async function upload(augmenter: Pick<GpuAugmenter, 'store'>, images: ImageSource, index: number) {
  const image = await images.get(index);
  augmenter.store(index, image);
  return image;
}
