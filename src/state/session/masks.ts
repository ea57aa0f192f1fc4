import { DEFAULT_MASK_OPTIONS, type MaskOptions } from '../../domain/maskForms.ts';
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
  /** What the next export writes. */
  readonly maskOptions: MaskOptions;
}

export const INITIAL_MASKS: MasksSlice = { masks: { status: 'none' }, maskOptions: DEFAULT_MASK_OPTIONS };

export interface MaskActions {
  /** Segments all images with the model on the screen and downloads the masks. */
  exportMasks(): Promise<void>;
  cancelMasks(): void;
  setMaskOptions(change: Partial<MaskOptions>): void;
}

export function createMasksSlice(
  { store }: SessionCore<MasksSlice & ClassesSlice & ReadinessSlices>,
  { runJob, cancelJobs }: JobActions,
  download: (fileName: string, source: Blob) => void,
): MaskActions {
  const { getState: get, setState: set } = store;
  return {
    exportMasks: async () => {
      const { maskOptions: options, masks } = get();
      if (!masksReadiness(get()).ready || masks.status === 'working' || options.forms.length === 0) return;
      set({ masks: { status: 'working' } });
      const outcome = await runJob('exportMasks', { classes: get().classes.present, options });
      if (outcome.status !== 'done') {
        set({ masks: outcome });
        return;
      }
      const { fileName, source, images } = outcome.result;
      download(fileName, source);
      set({ masks: { status: 'done', fileName, images, bytes: source.size } });
    },
    cancelMasks: () => cancelJobs('exportMasks'),
    setMaskOptions: (change) => set(({ maskOptions }) => ({ maskOptions: { ...maskOptions, ...change } })),
  };
}
