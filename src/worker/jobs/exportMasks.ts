import { UserError } from '../../lib/errors.ts';
import { maskArchive } from '../../inference/maskArchive.ts';
import { createSegmenter } from '../../inference/segmenter.ts';
import { segmentWholeImages } from '../../inference/wholeImages.ts';
import { createBlobParts } from '../blobOf.ts';
import type { Jobs } from '../protocol.ts';
import type { JobContext } from './jobContext.ts';

/** Masks of all images as one zip, made image by image. */
export async function exportMasks(
  { engine, model, step, images, progress }: JobContext,
  { classes }: Jobs['exportMasks']['request'],
): Promise<Jobs['exportMasks']['result']> {
  if (images.count === 0) {
    throw new UserError('dataset/empty', `"${images.name}" holds no usable image: choose another folder.`);
  }
  await progress('Compiling kernels', 0);
  const { config } = model;
  const segmenter = createSegmenter(engine, model);
  const parts = createBlobParts();
  try {
    const masks = segmentWholeImages(segmenter, config, images, (done) =>
      progress(`Segmenting: ${Math.floor(done)} of ${images.count} images`, done / images.count),
    );
    for await (const chunk of maskArchive(masks, { images, classes, prototypes: config.prototypes, step })) {
      parts.add(chunk);
    }
  } finally {
    segmenter.dispose();
  }
  return { fileName: `slotcon-step${step}-masks.zip`, source: parts.blob(), images: images.count };
}
