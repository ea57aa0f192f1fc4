import { DEFAULT_MASK_OPTIONS, type MaskOptions } from '../../domain/maskForms.ts';
import type { EventOf } from '../../worker/events.ts';
import type { ClassesSlice } from './classes.ts';
import type { SessionCore } from './core.ts';
import { datasetOf } from './images.ts';
import type { JobActions } from './jobs.ts';
import { openImage } from './listing.ts';
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

/** Actions, and what the session needs beside them. */
export interface MasksPart {
  readonly actions: MaskActions;
  /** Opens the file of an image for the worker. */
  sendPhotograph(event: EventOf<'wantPhotograph'>): Promise<void>;
}

export function createMasksSlice(
  { store, send }: SessionCore<MasksSlice & ClassesSlice & ReadinessSlices>,
  { runJob, cancelJobs }: JobActions,
  download: (fileName: string, source: Blob) => void,
): MasksPart {
  const { getState: get, setState: set } = store;
  const actions: MaskActions = {
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
  return {
    actions,
    sendPhotograph: async ({ id, path }) => {
      const files = datasetOf(get().images)?.files;
      const opened = files && (await openImage(files, path).catch(() => undefined));
      send({ type: 'photograph', id, opened });
    },
  };
}
