import type { GallerySegment } from '../../domain/reports.ts';
import type { SessionCore } from './core.ts';
import type { SessionJobs } from './jobs.ts';
import { subjectOf } from './state.ts';

export interface SessionGallery {
  /** Has the folder looked through; the result is in the state when this resolves, unless it was canceled. */
  makeGallery(): Promise<void>;
  /** Segments of the folder that are like this one of the gallery, best first. */
  moreLike(segment: Pick<GallerySegment, 'image' | 'prototype'>): Promise<readonly GallerySegment[]>;
}

const SIMILAR = 24;

export function createSessionGallery({ store }: SessionCore, { runJob, cancelJobs }: SessionJobs): SessionGallery {
  let subject = subjectOf(store.getState());
  store.subscribe((state) => {
    const now = subjectOf(state);
    if (now === subject) return;
    // It says nothing of other images or of another model.
    subject = now;
    cancelJobs('gallery');
    if (state.gallery) store.setState({ gallery: undefined });
  });
  return {
    makeGallery: async () => {
      const asked = subject;
      const made = await runJob({ kind: 'gallery' });
      if (made.status === 'done' && asked === subject) store.setState({ gallery: made.result.gallery });
    },
    moreLike: async ({ image, prototype }) => {
      const found = await runJob({ kind: 'similarSegments', image, prototype, count: SIMILAR });
      return found.status === 'done' ? found.result.segments : [];
    },
  };
}
