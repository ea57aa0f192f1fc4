import type { ClassesSlice } from './classes.ts';
import type { SessionCore } from './core.ts';
import type { JobActions } from './jobs.ts';
import { masksReadiness, type ReadinessSlices } from './readiness.ts';

/** The latest export of masks; its progress is that of its job. */
export type MasksState =
  | { readonly status: 'none' | 'working' | 'canceled' }
  | { readonly status: 'done'; readonly fileName: string; readonly images: number; readonly bytes: number }
  | { readonly status: 'failed'; readonly message: string };

export interface MasksSlice {
  readonly masks: MasksState;
}

export const INITIAL_MASKS: MasksSlice = { masks: { status: 'none' } };

export interface MaskActions {
  /** Segments all images with the model on the screen and downloads the masks. */
  exportMasks(): Promise<void>;
  cancelMasks(): void;
}

export function createMasksSlice(
  { store }: SessionCore<MasksSlice & ClassesSlice & ReadinessSlices>,
  { runJob, cancelJobs }: JobActions,
  download: (fileName: string, source: Blob) => void,
): MaskActions {
  const { getState: get, setState: set } = store;
  return {
    exportMasks: async () => {
      if (!masksReadiness(get()).ready || get().masks.status === 'working') return;
      set({ masks: { status: 'working' } });
      const outcome = await runJob('exportMasks', { classes: get().classes.present });
      if (outcome.status !== 'done') {
        set({ masks: outcome });
        return;
      }
      const { fileName, source, images } = outcome.result;
      download(fileName, source);
      set({ masks: { status: 'done', fileName, images, bytes: source.size } });
    },
    cancelMasks: () => cancelJobs('exportMasks'),
  };
}
