import type { WorkerEvent } from '../../worker/events.ts';
import type { SavedFile } from '../../worker/requests.ts';
import type { SessionCore } from './core.ts';
import { isSavable, runOf, type RunSlice } from './run.ts';

export interface SavedCheckpoint {
  readonly runId: number;
  readonly fileName: string;
  readonly step: number;
}

export interface SavesSlice {
  /** Number of checkpoint requests that are pending. */
  readonly saving: number;
  /** The latest file that reached the page, and its format. */
  readonly lastSaved: (SavedCheckpoint & { readonly format: string }) | undefined;
  /** The latest automatic checkpoint, which outlives the worker. */
  readonly autosave: (SavedCheckpoint & { readonly source: Blob }) | undefined;
}

export const INITIAL_SAVES: SavesSlice = { saving: 0, lastSaved: undefined, autosave: undefined };

/** The automatic checkpoint after an event. */
export function reduceAutosave(autosave: SavesSlice['autosave'], event: WorkerEvent): SavesSlice['autosave'] {
  if (event.type !== 'autosaved') return autosave;
  const { runId, fileName, step, source } = event;
  return { runId, fileName, step, source };
}

/** True if leaving the page would lose steps: a run is in progress, or has gone further than any file of it. */
export function hasUnsavedSteps({ run, lastSaved, autosave }: RunSlice & SavesSlice): boolean {
  if (run.status === 'preparing' || run.status === 'training') return true;
  if ((run.status !== 'paused' && run.status !== 'ended') || !isSavable(run)) return false;
  const { runId, startStep } = run.run;
  const saved = [lastSaved, autosave].map((file) => (file?.runId === runId ? file.step : startStep));
  return run.step > Math.max(...saved);
}

export interface SaveActions {
  /** Requests the state of the run on the screen as a file, and downloads it. */
  saveCheckpoint(format?: string): void;
}

/** Actions, and what the session needs beside them. */
export interface SavesPart {
  readonly actions: SaveActions;
  /** The state of the run on the screen as a file. An error is reported, and gives nothing. */
  requestCheckpoint(format?: string): Promise<SavedFile | undefined>;
}

/** The format that a run is continued from. */
const CHECKPOINT = 'safetensors';

export function createSavesSlice(
  { store, request, reportThrown }: SessionCore<SavesSlice & RunSlice>,
  download: (fileName: string, source: Blob) => void,
): SavesPart {
  const { getState: get, setState: set } = store;
  const requestCheckpoint: SavesPart['requestCheckpoint'] = async (format = CHECKPOINT) => {
    const runId = runOf(get().run)?.runId;
    if (runId === undefined) return undefined;
    set(({ saving }) => ({ saving: saving + 1 }));
    try {
      const file = await request('saveCheckpoint', { runId, format });
      set({ lastSaved: { runId, fileName: file.fileName, step: file.step, format } });
      return file;
    } catch (thrown) {
      reportThrown('worker/unexpected', thrown);
      return undefined;
    } finally {
      set(({ saving }) => ({ saving: saving - 1 }));
    }
  };
  const saveCheckpoint = async (format?: string): Promise<void> => {
    const file = await requestCheckpoint(format);
    if (file) download(file.fileName, file.source);
  };
  return { requestCheckpoint, actions: { saveCheckpoint: (format) => void saveCheckpoint(format) } };
}
