import { UserError } from '../../lib/errors.ts';
import { maskArchive } from '../../inference/masks/maskArchive.ts';
import { wholeMasks } from '../../inference/masks/wholeMasks.ts';
import { allImages, createWholeSegmenter, segmentWholeImages } from '../../inference/slotGrids.ts';
import { createBlobParts } from '../files/blobOf.ts';
import { pagePhotographs } from './photographs.ts';
import type { Job } from './job.ts';

/** Interval at which messages are let in while masks are written, in milliseconds. */
const LISTEN_MS = 500;

/** Writes masks of all images as one zip, image by image. */
export const exportMasks: Job<'exportMasks'> = async (context, { classes, options }) => {
  const { engine, model, step, images, files, progress } = context;
  if (images.count === 0) {
    throw new UserError('dataset/empty', `"${images.name}" holds no usable image: choose another folder.`);
  }
  await progress('Compiling kernels', 0);
  const { config } = model;
  const { prototypes } = config;
  const segmenter = await createWholeSegmenter(engine, model);
  const parts = createBlobParts();
  let [segmented, listened] = [0, 0];
  const report = async (): Promise<void> => {
    await progress(`Segmenting: ${Math.floor(segmented)} of ${images.count} images`, segmented / images.count);
    listened = performance.now();
  };
  try {
    const grids = segmentWholeImages(segmenter, images, allImages(images), (done) => {
      segmented = done;
      return report();
    });
    const photographs = pagePhotographs(images, files);
    const masks = wholeMasks(grids, images, options.edges ? photographs : undefined);
    for await (const chunk of maskArchive(masks, { images, classes, prototypes, step, options, photographs })) {
      parts.add(chunk);
      // A large image takes a second to write.
      if (performance.now() - listened > LISTEN_MS) await report();
    }
  } finally {
    segmenter.dispose();
  }
  return { fileName: `slotcon-step${step}-masks.zip`, source: parts.blob(), images: images.count };
};
