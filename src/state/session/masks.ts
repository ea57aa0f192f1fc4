import { masksReadiness } from './readiness.ts';
import type { SessionCore } from './core.ts';
import type { SessionJobs } from './jobs.ts';

export interface SessionMasks {
  /** Segments all images by the model on the screen and downloads the masks. */
  exportMasks(): Promise<void>;
  cancelMasks(): void;
}

export function createSessionMasks(
  { store }: SessionCore,
  { runJob, cancelJobs }: SessionJobs,
  download: (fileName: string, source: Blob) => void,
): SessionMasks {
  const { getState: get, setState: set } = store;
  return {
    exportMasks: async () => {
      const readiness = masksReadiness(get());
      if (!readiness.ready || get().masks.status === 'working') return;
      set({ masks: { status: 'working' } });
      const outcome = await runJob({ kind: 'exportMasks', classes: get().classes.present });
      if (outcome.status !== 'done') return set({ masks: outcome });
      const { fileName, source, images } = outcome.result;
      download(fileName, source);
      set({ masks: { status: 'done', fileName, images, bytes: source.size } });
    },
    cancelMasks: () => cancelJobs('exportMasks'),
  };
}
