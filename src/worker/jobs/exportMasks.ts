import { UserError } from '../../lib/errors.ts';
import { maskArchive } from '../../inference/maskArchive.ts';
import { createSegmenter } from '../../inference/segmenter.ts';
import { allImages, masksOfGrids, segmentWholeImages } from '../../inference/slotGrids.ts';
import { createBlobParts } from '../blobOf.ts';
import type { Job } from './job.ts';

/** Writes masks of all images as one zip, image by image. */
export const exportMasks: Job<'exportMasks'> = async ({ engine, model, step, images, progress }, { classes }) => {
  if (images.count === 0) {
    throw new UserError('dataset/empty', `"${images.name}" holds no usable image: choose another folder.`);
  }
  await progress('Compiling kernels', 0);
  const { config } = model;
  const segmenter = createSegmenter(engine, model);
  const parts = createBlobParts();
  try {
    const segmented = segmentWholeImages(segmenter, config, images, allImages(images), (done) =>
      progress(`Segmenting: ${Math.floor(done)} of ${images.count} images`, done / images.count),
    );
    const masks = masksOfGrids(segmented, images);
    for await (const chunk of maskArchive(masks, { images, classes, prototypes: config.prototypes, step })) {
      parts.add(chunk);
    }
  } finally {
    segmenter.dispose();
  }
  return { fileName: `slotcon-step${step}-masks.zip`, source: parts.blob(), images: images.count };
};
