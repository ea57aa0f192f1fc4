import { UserError } from '../../lib/errors.ts';
import { createGallery, similarSegments, type GallerySegments } from '../../inference/gallery.ts';
import type { JobFunctions } from './job.ts';

/** The gallery, and searches among its segments, which are kept until the next gallery. */
export function createGalleryJobs(): Pick<JobFunctions, 'gallery' | 'similarSegments'> {
  let latest: { readonly segments: GallerySegments; readonly fingerprint: string } | undefined;
  return {
    gallery: async ({ engine, model, step, images, progress }) => {
      latest = undefined;
      const phase = `Segmenting ${images.count} images`;
      await progress(phase, 0);
      const { segments, gallery } = await createGallery(engine, model, images, (fraction) => progress(phase, fraction));
      latest = { segments, fingerprint: images.fingerprint };
      return { step, ...gallery };
    },
    similarSegments: async ({ engine, model, images }, { image, prototype, count }) => {
      if (latest?.fingerprint !== images.fingerprint) {
        throw new UserError('gallery/gone', 'The images have changed since the gallery was made: compute it again.');
      }
      return similarSegments({ engine, model, images }, latest.segments, { image, prototype }, count);
    },
  };
}
