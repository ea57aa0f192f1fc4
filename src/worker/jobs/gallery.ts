import { UserError } from '../../lib/errors.ts';
import { createGallery, similarSegments, type GallerySegments } from '../../inference/gallery.ts';
import type { Handlers } from './jobContext.ts';

/** The gallery, and questions about the segments of the latest one, which are kept until the next. */
export function createGalleryJobs(): Pick<Handlers, 'gallery' | 'similarSegments'> {
  let latest: { readonly segments: GallerySegments; readonly fingerprint: string } | undefined;
  return {
    gallery: async ({ engine, model, step, images, progress }) => {
      latest = undefined;
      const doing = `Looking through ${images.count} images`;
      await progress(doing, 0);
      const made = await createGallery(engine, model, images, (done) => progress(doing, done / images.count));
      latest = { segments: made.segments, fingerprint: images.fingerprint };
      return { gallery: { step, ...made.gallery } };
    },
    similarSegments: async ({ images }, { image, prototype, count }) => {
      if (latest?.fingerprint !== images.fingerprint) {
        throw new UserError('gallery/gone', 'The images have changed since the gallery was made: compute it again.');
      }
      return { segments: await similarSegments(images, latest.segments, { image, prototype }, count) };
    },
  };
}
