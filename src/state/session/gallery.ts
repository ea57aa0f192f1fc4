import type { Gallery, GallerySegment } from '../../domain/reports.ts';
import type { SessionCore } from './core.ts';
import type { ImagesSlice } from './images.ts';
import type { JobActions } from './jobs.ts';
import { subjectOf, type ResumeSlice } from './resume.ts';
import type { RunSlice } from './run.ts';

export interface GallerySlice {
  /** Statistics and examples of every prototype over the images, by the model on the screen. */
  readonly gallery: Gallery | undefined;
}

export const INITIAL_GALLERY: GallerySlice = { gallery: undefined };

export interface GalleryActions {
  /** Computes the gallery; it is in the state when this resolves, unless it was canceled or failed. */
  makeGallery(): Promise<void>;
  /** Finds segments like this one of the gallery, best first. */
  moreLike(segment: GallerySegment): Promise<readonly GallerySegment[]>;
}

/** Number of similar segments to find. */
const SIMILAR = 24;

export function createGallerySlice(
  { store }: SessionCore<GallerySlice & ImagesSlice & RunSlice & ResumeSlice>,
  { runJob, cancelJobs }: JobActions,
): GalleryActions {
  let subject = subjectOf(store.getState());
  store.subscribe((state) => {
    const now = subjectOf(state);
    if (now === subject) return;
    // A gallery of other images or of another model.
    subject = now;
    cancelJobs('gallery');
    if (state.gallery) store.setState({ gallery: undefined });
  });
  return {
    makeGallery: async () => {
      const made = await runJob('gallery', {});
      if (made.status === 'done') store.setState({ gallery: made.result });
    },
    moreLike: async ({ overlay, prototype }) => {
      const found = await runJob('similarSegments', { image: overlay.imageIndex, prototype, count: SIMILAR });
      return found.status === 'done' ? found.result : [];
    },
  };
}
