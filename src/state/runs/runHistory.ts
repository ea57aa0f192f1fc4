import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage } from '../../lib/errors.ts';
import type { Session } from '../session/session.ts';
import { createRunRecorder, type RecorderPorts, type RunRecorder } from './runRecorder.ts';
import type { RunStore } from './runStore.ts';
import { createRunWriter, type ShownRuns } from './runWriter.ts';
import { copyCurves, withCheckpoint, type SavedRun } from './savedRun.ts';
import type { Curves } from './series.ts';

export interface RunHistoryState {
  /** Newest first. Empty until the runs of earlier visits have been read. */
  readonly runs: readonly SavedRun[];
  /** The run that was deleted last, while the deletion can be undone. */
  readonly deleted: SavedRun | undefined;
  /** See `interruptedRun`. */
  readonly interruptedId: string | undefined;
}

/** All runs of this browser. Runs in progress are saved as they go. */
export interface RunHistory extends Omit<RunRecorder, 'continueAs'> {
  readonly store: StoreApi<RunHistoryState>;
  curves(id: string): Promise<Curves | undefined>;
  /** Reads the stored runs again, which another tab may have changed. */
  refresh(): Promise<void>;
  /** Loads the checkpoint and the curves of the interrupted run, which the next start then continues. */
  loadInterrupted(): Promise<void>;
  /** Ends the offer to continue the interrupted run and marks it lost. */
  dismissInterrupted(): void;
  rename(id: string, title: string): void;
  /** Hides a run now and deletes it when the time to undo is over. */
  remove(id: string): void;
  undoRemove(): void;
  /** Loads the checkpoint of a run, which the next start continues. */
  loadCheckpoint(id: string): Promise<void>;
  /** Loads the checkpoint of a run for a new run that starts from its weights. */
  startFrom(id: string): Promise<void>;
  /** Downloads the checkpoint of a run. */
  saveCheckpoint(id: string): Promise<void>;
}

const UNDO_MS = 10_000;
const MAX_TITLE_LENGTH = 120;

export function createRunHistory(session: Session, storage: RunStore, ports: RecorderPorts): RunHistory {
  const store = createStore<RunHistoryState>()(() => ({ runs: [], deleted: undefined, interruptedId: undefined }));
  const { getState: get, setState: set } = store;
  const shown = shownRuns(store);
  const { find } = shown;
  const writer = createRunWriter(session, storage, shown);
  const recorder = createRunRecorder(session, { find, ...writer, onRunStart: writer.resetReport }, ports);
  const readCheckpoint = createCheckpointReader(session, storage);

  const refresh = async (): Promise<void> => {
    await writer.idle();
    // Without a readable storage the page works all the same, with the runs of this visit.
    const listed = await storage.list().catch(() => undefined);
    if (!listed) return;
    const stored = recorder.currentId() === undefined ? await withKeptStep(listed, storage) : listed;
    const current = find(recorder.currentId() ?? '');
    const others = stored.filter(({ id }) => id !== current?.id && id !== get().deleted?.id);
    set({
      runs: newestFirst(current ? [current, ...others] : others),
      interruptedId: current ? undefined : findInterrupted(others)?.id,
    });
  };
  void refresh();

  return {
    store,
    currentId: recorder.currentId,
    setSweep: recorder.setSweep,
    recordOutcome: recorder.recordOutcome,
    curves: async (id) => {
      if (id === recorder.currentId()) return copyCurves(session.series);
      return storage.curves(id).catch(() => undefined);
    },
    refresh,
    loadInterrupted: async () => {
      const run = interruptedRun(get());
      set({ interruptedId: undefined });
      const file = run && (await readCheckpoint(run.id));
      if (!run || !file) return;
      const curves = await storage.curves(run.id).catch(() => undefined);
      recorder.continueAs(run);
      session.readInterrupted(file, run.config, curves ?? copyCurves(session.series));
    },
    dismissInterrupted: () => {
      const run = interruptedRun(get());
      set({ interruptedId: undefined });
      if (run) writer.save({ ...run, state: 'lost' });
    },
    rename: (id, title) => {
      const run = find(id);
      const trimmed = title.trim().slice(0, MAX_TITLE_LENGTH);
      if (run && trimmed !== '') writer.save({ ...run, title: trimmed });
    },
    ...createRemoval(store, shown, writer.remove),
    loadCheckpoint: async (id) => {
      const run = find(id);
      const file = run && (await readCheckpoint(id));
      if (file) session.readCheckpoint(file, run.config, { kind: 'file', ofRun: id });
    },
    startFrom: async (id) => {
      const run = find(id);
      const file = run && (await readCheckpoint(id));
      if (file) session.readCheckpoint(file, run.config, { kind: 'run', id });
    },
    saveCheckpoint: async (id) => {
      const file = await readCheckpoint(id);
      if (file) session.save(file.name, file);
    },
  };
}

/** Reads the checkpoint of a run as a file; reports why where there is none. */
function createCheckpointReader(session: Session, storage: RunStore): (id: string) => Promise<File | undefined> {
  return async (id) => {
    try {
      const found = await storage.checkpoint(id);
      if (found) return new File([found.source], `slotcon-step${found.step}.safetensors`);
      session.report('checkpoint/gone', 'The checkpoint of this run is not kept any more: newer ones took its room.');
    } catch (error) {
      session.report(
        'checkpoint/unreadable',
        `The checkpoint of this run can't be read (${errorMessage(error)}). Start from its downloaded file, if there is one.`,
      );
    }
    return undefined;
  };
}

/** Hides a run at once and deletes it after `UNDO_MS`, or when another one is removed. */
function createRemoval(
  store: StoreApi<RunHistoryState>,
  { find, show }: ShownRuns,
  deleteStored: (id: string) => void,
): Pick<RunHistory, 'remove' | 'undoRemove'> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Returns the hidden run, which the caller then deletes or shows. */
  const takeDeleted = (): SavedRun | undefined => {
    clearTimeout(timer);
    const { deleted } = store.getState();
    if (deleted) store.setState({ deleted: undefined });
    return deleted;
  };
  const removeNow = (): void => {
    const deleted = takeDeleted();
    if (deleted) deleteStored(deleted.id);
  };
  return {
    remove: (id) => {
      removeNow();
      const run = find(id);
      if (!run) return;
      store.setState(({ runs }) => ({ runs: runs.filter((other) => other !== run), deleted: run }));
      timer = setTimeout(removeNow, UNDO_MS);
    },
    undoRemove: () => {
      const deleted = takeDeleted();
      if (deleted) show(deleted);
    },
  };
}

function shownRuns({ getState, setState }: StoreApi<RunHistoryState>): ShownRuns {
  return {
    find: (id) => getState().runs.find((run) => run.id === id),
    show: (run) => setState(({ runs }) => ({ runs: newestFirst([run, ...runs.filter(({ id }) => id !== run.id)]) })),
    update: (change) => setState(({ runs }) => ({ runs: runs.map(change) })),
  };
}

/** The latest run of an earlier visit, if it was interrupted and can be continued. */
export function interruptedRun({ runs, interruptedId }: RunHistoryState): SavedRun | undefined {
  return runs.find(({ id }) => id === interruptedId);
}

/** Runs of a sweep are not offered: their sweep is over. */
function findInterrupted(runs: readonly SavedRun[]): SavedRun | undefined {
  const latest = runs.toSorted((a, b) => b.changedAt - a.changedAt).at(0);
  const isInterrupted = latest?.state === 'going' || latest?.state === 'paused';
  return isInterrupted && latest.checkpointStep !== undefined && !latest.sweep ? latest : undefined;
}

/** A crash may leave a checkpoint that is newer than what its run says: the interrupted run gets the step that is kept. */
async function withKeptStep(runs: readonly SavedRun[], storage: RunStore): Promise<readonly SavedRun[]> {
  const interrupted = findInterrupted(runs);
  const kept = interrupted && (await storage.checkpoint(interrupted.id).catch(() => undefined));
  return kept ? runs.map((run) => (run === interrupted ? withCheckpoint(run, kept.step) : run)) : runs;
}

function newestFirst(runs: readonly SavedRun[]): readonly SavedRun[] {
  return runs.toSorted((a, b) => b.startedAt - a.startedAt);
}
