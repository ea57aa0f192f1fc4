import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Config } from '../config/fields.ts';
import type { SweepOutcome } from '../config/sweepTable.ts';
import { errorMessage } from '../lib/errors.ts';
import { copyCurves, keptPicture, type KeptRun, type KeptState, type KeptSweep } from './keptRun.ts';
import { withoutCheckpoint, type RunStore } from './runStore.ts';
import { SERIES_NAMES, type Curves, type SeriesName } from './series.ts';
import type { Session } from './session.ts';
import { datasetOf, runOf, type Run, type RunState } from './sessionState.ts';

export interface KeptRunsState {
  /** Newest first. Those of earlier visits are there once they have been read. */
  readonly runs: readonly KeptRun[];
  /** The run that was deleted last, as long as it can be brought back. */
  readonly deleted: KeptRun | undefined;
  /** The latest run of an earlier visit, if it was cut off and can go on. */
  readonly interrupted: KeptRun | undefined;
}

/** Every run of this browser, kept while it goes and found again at the next visit. */
export interface KeptRuns {
  readonly store: StoreApi<KeptRunsState>;
  /** The run on the screen; undefined before its first step. */
  currentId(): string | undefined;
  curves(id: string): Promise<Curves | undefined>;
  /** Reads again what is stored, which another tab may have changed. */
  refresh(): Promise<void>;
  /** Goes on with the interrupted run as the next one: its checkpoint is read, its curves are there. */
  takeUp(): Promise<void>;
  /** Leaves the interrupted run as it is. */
  leaveInterrupted(): void;
  rename(id: string, title: string): void;
  /** Hides a run, and deletes it when it can't be brought back any more. */
  remove(id: string): void;
  undoRemove(): void;
  /** Its checkpoint becomes what the next run starts from. */
  loadCheckpoint(id: string): Promise<void>;
  saveCheckpoint(id: string): Promise<void>;
  /** What the next run is in a sweep. */
  belongTo(sweep: KeptSweep | undefined): void;
  /** What the run on the screen came to in its sweep; a run that never started is kept for its failure. */
  conclude(outcome: SweepOutcome, title: string, config: Config): void;
}

/** Between two saves of a run that trains. */
const SAVE_MS = 5000;
const UNDO_MS = 10_000;
const PICTURES = 4;
/** The id of none: a run that is to be taken up has none yet. */
const NO_RUN = -1;

interface Clock {
  now(): number;
  newId(): string;
}

export function createKeptRuns(session: Session, storage: RunStore, { now, newId }: Clock): KeptRuns {
  const store = createStore<KeptRunsState>()(() => ({ runs: [], deleted: undefined, interrupted: undefined }));
  const { getState: get, setState: set } = store;
  let current: { readonly id: string; readonly runId: number; readonly startedAt: number } | undefined;
  let sweep: KeptSweep | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let removal: ReturnType<typeof setTimeout> | undefined;
  let told = false;

  /** Writes one after another; that storage fails is told once a run and changes nothing else. */
  let writing: Promise<unknown> = Promise.resolve();
  const write = (job: () => Promise<unknown>): void => {
    writing = writing.then(job).catch((error: unknown) => {
      if (told) return;
      told = true;
      session.report(
        'runs/not-kept',
        `This run can't be kept for later visits (${errorMessage(error)}). Training goes on; download its checkpoint, or delete old runs and try again.`,
      );
    });
  };
  const find = (id: string): KeptRun | undefined => get().runs.find((run) => run.id === id);
  const show = (run: KeptRun): void => {
    const others = get().runs.filter(({ id }) => id !== run.id);
    set({ runs: [run, ...others].sort((a, b) => b.startedAt - a.startedAt) });
  };
  /** What is written is the run as it is when its turn comes: others may have changed it until then. */
  const keep = (run: KeptRun, curves?: Curves): void => {
    show(run);
    write(async () => {
      const latest = find(run.id);
      if (latest) await storage.put(latest, curves);
    });
  };

  const saveCurrent = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { run: runState } = session.store.getState();
    const run = runOf(runState);
    if (!current || run?.runId !== current.runId) return;
    const { id, startedAt } = current;
    const described = { ...describe(session, run, runState), id, startedAt, changedAt: now() };
    keep({ ...find(id), ...described, title: find(id)?.title ?? run.title }, copyCurves(session.series));
  };
  const saveSoon = (): void => {
    if (current) timer ??= setTimeout(saveCurrent, SAVE_MS);
  };
  const begin = (run: Run): void => {
    const goesOn = run.keepsHistory && current !== undefined;
    current =
      goesOn && current ? { ...current, runId: run.runId } : { id: newId(), runId: run.runId, startedAt: now() };
    told = false;
    saveCurrent();
    if (sweep) keep({ ...find(current.id)!, sweep });
  };
  const keepCheckpoint = (source: Blob, step: number): void => {
    const id = current?.id;
    if (id === undefined) return;
    // Kept together, so that after a crash the curves reach as far as the checkpoint.
    const curves = copyCurves(session.series);
    write(async () => {
      const dropped = await storage.putCheckpoint(id, step, source);
      set(({ runs }) => ({ runs: runs.map((run) => (dropped.includes(run.id) ? withoutCheckpoint(run) : run)) }));
      const run = find(id);
      if (!run) return;
      show({ ...run, checkpointStep: step });
      await storage.put({ ...run, checkpointStep: step }, curves);
    });
  };

  session.store.subscribe((state, before) => {
    const run = runOf(state.run);
    if (state.run !== before.run && run) {
      if (state.run.status === 'training' && run.runId !== current?.runId) begin(run);
      else if (run.runId === current?.runId) saveCurrent();
    }
    const { autosave } = state;
    if (autosave !== before.autosave && autosave?.runId === current?.runId && autosave)
      keepCheckpoint(autosave.source, autosave.step);
    if (state.scores.report !== before.scores.report && state.scores.report) saveCurrent();
  });
  session.live.subscribe(({ record }, before) => {
    if (record !== before.record && record) saveSoon();
  });
  const refresh = async (): Promise<void> => {
    // What can't be read is not missed by a page that works without: it keeps what it knows.
    const stored = await storage.list().catch(() => undefined);
    if (!stored) return;
    const { runs, deleted } = get();
    const [own] = runs.filter(({ id }) => id === current?.id);
    const others = stored.filter(({ id }) => id !== own?.id && id !== deleted?.id);
    set({ runs: [...(own ? [own] : []), ...others], interrupted: own ? undefined : interruptedOf(others) });
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
    currentId: () => current?.id,
    curves: async (id) => {
      if (id === current?.id) return copyCurves(session.series);
      return storage.curves(id).catch(() => undefined);
    },
    refresh,
    takeUp: async () => {
      const { interrupted: run } = get();
      set({ interrupted: undefined });
      const file = run && (await checkpointOf(run.id));
      if (!run || !file) return;
      const curves = await storage.curves(run.id).catch(() => undefined);
      current = { id: run.id, runId: NO_RUN, startedAt: run.startedAt };
      session.readInterrupted(file, run.config, curves ?? copyCurves(session.series));
    },
    leaveInterrupted: () => {
      const { interrupted: run } = get();
      set({ interrupted: undefined });
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
    belongTo: (next) => (sweep = next),
    conclude: (outcome, title, config) => {
      if (!sweep) return;
      const runId = runOf(session.store.getState().run)?.runId;
      const run = current && runId === current.runId ? find(current.id) : undefined;
      const failed = (): KeptRun => ({
        ...{ id: newId(), title, config, startedAt: now(), changedAt: now(), state: 'failed', step: 0, totalSteps: 0 },
        ...{ images: datasetOf(session.store.getState().images)?.name ?? '', adapter: '', latest: {}, pictures: [] },
      });
      keep({ ...(run?.sweep?.id === sweep.id && !run.sweep.outcome ? run : failed()), sweep: { ...sweep, outcome } });
    },
  };
}

/** A run of a sweep is left to its sweep. */
function interruptedOf(runs: readonly KeptRun[]): KeptRun | undefined {
  const [latest] = runs.toSorted((a, b) => b.changedAt - a.changedAt);
  const isCutOff = latest?.state === 'going' || latest?.state === 'paused';
  return isCutOff && latest.checkpointStep !== undefined && !latest.sweep ? latest : undefined;
}

/** The run on the screen as it is now. */
function describe({ store, live, series }: Session, run: Run, state: RunState) {
  const { adapter, images, scores } = store.getState();
  const { record, snapshots } = live.getState();
  const latest: Partial<Record<SeriesName, number>> = {};
  for (const name of SERIES_NAMES) {
    const value = series.values(name).at(-1);
    if (value !== undefined) latest[name] = value;
  }
  const last = scores.curve.at(-1);
  const { title, config, totalSteps, startStep } = run;
  return {
    ...{ title, config, totalSteps, latest, state: stateOf(state), step: record?.step ?? startStep },
    images: datasetOf(images)?.name ?? '',
    adapter: adapter.status === 'ready' ? adapter.adapter.description : '',
    pictures: (snapshots.at(-1)?.overlays ?? []).slice(0, PICTURES).map(keptPicture),
    ...(last ? { scores: last } : {}),
  };
}

function stateOf(state: RunState): KeptState {
  if (state.status === 'ended') return state.reason;
  return state.status === 'paused' ? 'paused' : 'going';
}
