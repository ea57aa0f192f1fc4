import { createStore, type StoreApi } from 'zustand/vanilla';
import { errorMessage } from '../../lib/errors.ts';
import { createSerialQueue } from '../../lib/serialQueue.ts';
import { copyCurves, type SavedRun } from './savedRun.ts';
import { createRunRecorder, type Clock, type RunRecorder } from './runRecorder.ts';
import { withoutCheckpoint, type RunStore } from './runStore.ts';
import type { Curves } from './series.ts';
import type { Session } from '../session/session.ts';

export interface RunHistoryState {
  /** Newest first. Those of earlier visits are there once they have been read. */
  readonly runs: readonly SavedRun[];
  /** The run that was deleted last, as long as it can be brought back. */
  readonly deleted: SavedRun | undefined;
  /** See `interruptedRun`. */
  readonly interruptedId: string | undefined;
}

/** Every run of this browser, kept while it goes and found again at the next visit. */
export interface RunHistory extends Omit<RunRecorder, 'continueAs'> {
  readonly store: StoreApi<RunHistoryState>;
  curves(id: string): Promise<Curves | undefined>;
  /** Reads again what is stored, which another tab may have changed. */
  refresh(): Promise<void>;
  /** Goes on with the interrupted run as the next one: its checkpoint is read, its curves are there. */
  resumeInterrupted(): Promise<void>;
  /** Leaves the interrupted run as it is. */
  leaveInterrupted(): void;
  rename(id: string, title: string): void;
  /** Hides a run, and deletes it when it can't be brought back any more. */
  remove(id: string): void;
  undoRemove(): void;
  /** Its checkpoint becomes what the next run starts from. */
  loadCheckpoint(id: string): Promise<void>;
  saveCheckpoint(id: string): Promise<void>;
}

const UNDO_MS = 10_000;

export function createRunHistory(session: Session, storage: RunStore, clock: Clock): RunHistory {
  const store = createStore<RunHistoryState>()(() => ({ runs: [], deleted: undefined, interruptedId: undefined }));
  const { getState: get, setState: set } = store;
  let removal: ReturnType<typeof setTimeout> | undefined;
  let told = false;

  /** Writes one after another; that storage fails is told once a run and changes nothing else. */
  const writes = createSerialQueue();
  const write = (job: () => Promise<unknown>): void => {
    writes.run(job).catch((error: unknown) => {
      if (told) return;
      told = true;
      session.report(
        'runs/not-kept',
        `This run can't be kept for later visits (${errorMessage(error)}). Training goes on; download its checkpoint, or delete old runs and try again.`,
      );
    });
  };
  const find = (id: string): SavedRun | undefined => get().runs.find((run) => run.id === id);
  const show = (run: SavedRun): void =>
    set({ runs: newestFirst([run, ...get().runs.filter(({ id }) => id !== run.id)]) });
  /** What is written is the run as it is when its turn comes: others may have changed it until then. */
  const keep = (run: SavedRun, curves?: Curves): void => {
    show(run);
    write(async () => {
      const latest = find(run.id);
      if (latest) await storage.put(latest, curves);
    });
  };
  const keepCheckpoint = (id: string, step: number, source: Blob, curves: Curves): void =>
    write(async () => {
      const dropped = await storage.putCheckpoint(id, step, source);
      set(({ runs }) => ({ runs: runs.map((run) => (dropped.includes(run.id) ? withoutCheckpoint(run) : run)) }));
      const run = find(id);
      if (!run) return;
      show({ ...run, checkpointStep: step });
      await storage.put({ ...run, checkpointStep: step }, curves);
    });
  const recorder = createRunRecorder(session, { find, keep, keepCheckpoint, beginAnew: () => (told = false) }, clock);

  const refresh = async (): Promise<void> => {
    await writes.idle();
    // What can't be read is not missed by a page that works without: it keeps what it knows.
    const stored = await storage.list().catch(() => undefined);
    if (!stored) return;
    const own = find(recorder.currentId() ?? '');
    const others = stored.filter(({ id }) => id !== own?.id && id !== get().deleted?.id);
    set({
      runs: newestFirst(own ? [own, ...others] : others),
      interruptedId: own ? undefined : interruptedOf(others)?.id,
    });
  };
  void refresh();

  const checkpointOf = async (id: string): Promise<File | undefined> => {
    try {
      const found = await storage.checkpoint(id);
      if (found) return new File([found.source], `slotcon-step${found.step}.safetensors`);
      session.report('checkpoint/gone', 'The checkpoint of this run is not kept any more: newer ones took its room.');
      return undefined;
    } catch (error) {
      session.report(
        'checkpoint/unreadable',
        `The checkpoint of this run can't be read (${errorMessage(error)}). Start from its downloaded file, if there is one.`,
      );
      return undefined;
    }
  };
  const removeNow = (): void => {
    clearTimeout(removal);
    const { deleted } = get();
    if (!deleted) return;
    set({ deleted: undefined });
    write(() => storage.remove(deleted.id));
  };
  return {
    store,
    currentId: recorder.currentId,
    belongTo: recorder.belongTo,
    recordOutcome: recorder.recordOutcome,
    curves: async (id) => {
      if (id === recorder.currentId()) return copyCurves(session.series);
      return storage.curves(id).catch(() => undefined);
    },
    refresh,
    resumeInterrupted: async () => {
      const run = interruptedRun(get());
      set({ interruptedId: undefined });
      const file = run && (await checkpointOf(run.id));
      if (!run || !file) return;
      const curves = await storage.curves(run.id).catch(() => undefined);
      recorder.continueAs(run);
      session.readInterrupted(file, run.config, curves ?? copyCurves(session.series));
    },
    leaveInterrupted: () => {
      const run = interruptedRun(get());
      set({ interruptedId: undefined });
      if (run) keep({ ...run, state: 'lost' });
    },
    rename: (id, title) => {
      const run = find(id);
      const short = title.trim().slice(0, 120);
      if (run && short !== '') keep({ ...run, title: short });
    },
    remove: (id) => {
      removeNow();
      const run = find(id);
      if (!run) return;
      set(({ runs }) => ({ runs: runs.filter((one) => one !== run), deleted: run }));
      removal = setTimeout(removeNow, UNDO_MS);
    },
    undoRemove: () => {
      clearTimeout(removal);
      const { deleted } = get();
      if (!deleted) return;
      set({ deleted: undefined });
      show(deleted);
    },
    loadCheckpoint: async (id) => {
      const run = find(id);
      const file = run && (await checkpointOf(id));
      if (file) session.readCheckpoint(file, run.config);
    },
    saveCheckpoint: async (id) => {
      const file = await checkpointOf(id);
      if (file) session.save(file.name, file);
    },
  };
}

/** The latest run of an earlier visit, if it was cut off and can go on. */
export function interruptedRun({ runs, interruptedId }: RunHistoryState): SavedRun | undefined {
  return runs.find(({ id }) => id === interruptedId);
}

/** A run of a sweep is left to its sweep. */
function interruptedOf(runs: readonly SavedRun[]): SavedRun | undefined {
  const [latest] = runs.toSorted((a, b) => b.changedAt - a.changedAt);
  const isCutOff = latest?.state === 'going' || latest?.state === 'paused';
  return isCutOff && latest.checkpointStep !== undefined && !latest.sweep ? latest : undefined;
}

function newestFirst(runs: readonly SavedRun[]): readonly SavedRun[] {
  return runs.toSorted((a, b) => b.startedAt - a.startedAt);
}
