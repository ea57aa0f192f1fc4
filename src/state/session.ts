import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Config } from '../config/fields.ts';
import type { SkippedFile } from '../data/image.ts';
import { errorMessage } from '../lib/errors.ts';
import { createTrainerClient, type TrainerClient, type WorkerLike } from '../worker/client.ts';
import type { FromWorker } from '../worker/protocol.ts';
import { createBatch } from './batch.ts';
import { createLiveStore, reduceLive, rewindLive, type LiveState } from './live.ts';
import { reduceSession } from './reduceSession.ts';
import { createSeries, type Series } from './series.ts';
import { datasetOf, INITIAL_SESSION, isActive, runOf, type RunPlan, type SessionState } from './sessionState.ts';
import { describeTrouble } from './trouble.ts';

export interface SessionPorts {
  spawnWorker(): WorkerLike;
  /** Hands a finished file to the person. */
  download(fileName: string, source: Blob): void;
}

/** A folder as the page picked it. */
export interface PickedImages {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly file: File }[];
  readonly problems: readonly SkippedFile[];
}

export interface Session {
  readonly store: StoreApi<SessionState>;
  readonly live: StoreApi<LiveState>;
  readonly series: Series;
  /** Starts the worker, and again after a crash: the images are then read once more. */
  open(): void;
  /** Walks a folder and has it read. `pick` may give nothing: the person changed their mind. */
  readFolder(pick: () => Promise<PickedImages | undefined>, workingSize: number): Promise<void>;
  readSamples(): void;
  cancelReading(): void;
  start(config: Config, title: string): Promise<void>;
  pause(): void;
  continueRun(): void;
  stop(): void;
  /** Asks for the checkpoint of the run on the screen and downloads it when it comes. */
  saveCheckpoint(): void;
  /** Takes an ended run up where it stopped, curves and overlays included. */
  continueFromHere(): void;
  /** Makes the state of the ended run the one that the next start continues from. */
  stageFromHere(): void;
  readCheckpoint(file: File): Promise<void>;
  discardResume(): void;
  report(code: string, message: string, detail?: string): void;
  dismissTrouble(): void;
}

/** Enough for a batch of the quick preset with variety to spare, few enough to draw in seconds. */
export const SAMPLE_SCENES = { count: 200, seed: 0 };

/** Ten updates a second are as many as a person can read. */
const UPDATE_MS = 100;

type Purpose = 'download' | 'continue' | 'stage';
type Source =
  | { readonly kind: 'samples' }
  | { readonly kind: 'files'; readonly picked: PickedImages; readonly workingSize: number };

export function createSession(ports: SessionPorts): Session {
  const store = createStore<SessionState>()(() => INITIAL_SESSION);
  const live = createLiveStore();
  const series = createSeries();
  const purposes = new Map<number, Purpose>();
  let client: TrainerClient | undefined;
  let source: Source | undefined;
  let ids = 0;
  const get = store.getState;
  const set = store.setState;
  const nextId = (): number => ++ids;
  const currentRunId = (): number => {
    const { run } = get();
    return run.status === 'preparing' ? run.plan.runId : (runOf(run)?.runId ?? -1);
  };

  const apply = (messages: readonly FromWorker[]): void => {
    live.setState(reduceLive(live.getState(), messages, currentRunId()), true);
    set(reduceSession(get(), messages, live.getState().record?.step), true);
  };
  const batch = createBatch<FromWorker>(apply, UPDATE_MS);

  const receive = (message: FromWorker): void => {
    if (message.type === 'step' && message.runId === currentRunId()) series.push(message.record);
    batch.add(message);
    // What comes by the dozen waits for its turn; everything else is shown at once, in order.
    const frequent: FromWorker['type'][] = ['step', 'imageRead', 'imageSkipped', 'reading', 'preparing'];
    if (frequent.includes(message.type)) return;
    if (message.type === 'started') rewind(message.step);
    batch.flush();
    if (message.type === 'checkpoint') deliver(message);
    if (message.type === 'trouble' && message.requestId !== undefined) purposes.delete(message.requestId);
    if (message.type === 'trouble' && message.code === 'worker/crashed') client?.close();
  };

  const rewind = (step: number): void => {
    const { run } = get();
    if (run.status !== 'preparing') return;
    const keep = run.plan.keepsHistory;
    live.setState(rewindLive(live.getState(), keep ? step : undefined), true);
    if (keep) series.truncate(step);
    else series.clear();
  };

  const begin = (plan: Omit<RunPlan, 'runId'>, resume: ArrayBuffer | undefined): void => {
    const runId = nextId();
    set({ run: { status: 'preparing', plan: { ...plan, runId }, doing: 'Getting ready', fraction: 0 } });
    client?.post({ type: 'start', runId, config: plan.config, ...(resume ? { resume } : {}) });
  };

  const deliver = ({ requestId, step, fileName, bytes }: Extract<FromWorker, { type: 'checkpoint' }>): void => {
    const purpose = purposes.get(requestId);
    purposes.delete(requestId);
    const run = runOf(get().run);
    if (purpose === 'download') ports.download(fileName, new Blob([bytes]));
    if (purpose === 'continue' && run) begin({ title: run.title, config: run.config, keepsHistory: true }, bytes);
    if (purpose === 'stage' && run) {
      const resume = { name: fileName, step, config: run.config, source: new Blob([bytes]), keepsHistory: true };
      set({ resume: { status: 'loaded', ...resume } });
    }
  };

  const request = (purpose: Purpose): void => {
    const run = runOf(get().run);
    if (!run || !client) return;
    const requestId = nextId();
    purposes.set(requestId, purpose);
    set(({ saving }) => ({ saving: saving + 1 }));
    client.post({ type: 'saveCheckpoint', runId: run.runId, requestId });
  };

  const report = (code: string, message: string, detail?: string): void => {
    const trouble = describeTrouble({ code, message, ...(detail ? { detail } : {}) }, runOf(get().run) !== undefined);
    set(({ troubles }) => ({ troubles: [...troubles, trouble].slice(-5) }));
  };

  const read = (from: Source): void => {
    source = from;
    const datasetId = nextId();
    const samples = from.kind === 'samples';
    const name = samples ? 'sample scenes' : from.picked.name;
    const total = samples ? SAMPLE_SCENES.count : from.picked.files.length;
    const skipped = samples ? [] : from.picked.problems;
    const dataset = { datasetId, name, usable: 0, skipped, pictures: [] };
    set({ images: { status: 'reading', dataset, done: 0, total } });
    if (samples) client?.post({ type: 'readSamples', datasetId, ...SAMPLE_SCENES });
    else {
      const { files } = from.picked;
      client?.post({ type: 'readFiles', datasetId, name, workingSize: from.workingSize, files });
    }
  };

  const refuseWhileActive = (): boolean => {
    const active = isActive(get().run);
    if (active) report('images/run-active', 'A run is using these images. Stop it first, then choose others.');
    return active;
  };

  return {
    store,
    live,
    series,
    open: () => {
      client?.close();
      purposes.clear();
      set({ adapter: { status: 'opening' }, troubles: [] });
      client = createTrainerClient(ports.spawnWorker(), receive);
      client.post({ type: 'open' });
      if (source) read(source);
    },
    readFolder: async (pick, workingSize) => {
      if (refuseWhileActive()) return;
      const before = get().images;
      set({ images: { status: 'listing' } });
      try {
        const picked = await pick();
        if (picked) read({ kind: 'files', picked, workingSize });
        else set({ images: before });
      } catch (thrown) {
        set({ images: before });
        report('folder/unreadable', errorMessage(thrown));
      }
    },
    readSamples: () => {
      if (!refuseWhileActive()) read({ kind: 'samples' });
    },
    cancelReading: () => {
      const dataset = datasetOf(get().images);
      if (dataset) client?.post({ type: 'cancelReading', datasetId: dataset.datasetId });
    },
    start: async (config, title) => {
      if (isActive(get().run)) return;
      const { resume } = get();
      if (resume.status !== 'loaded') return begin({ title, config, keepsHistory: false }, undefined);
      try {
        begin({ title, config, keepsHistory: resume.keepsHistory }, await resume.source.arrayBuffer());
      } catch (thrown) {
        set({ resume: { status: 'none' } });
        report(
          'checkpoint/unreadable',
          `"${resume.name}" can't be read any more. Load it again.`,
          errorMessage(thrown),
        );
      }
    },
    pause: () => {
      const { run } = get();
      if (run.status !== 'training' || run.asked) return;
      set({ run: { ...run, asked: 'pause' } });
      client?.post({ type: 'pause', runId: run.run.runId });
    },
    continueRun: () => {
      const { run } = get();
      if (run.status !== 'paused' || run.asked) return;
      set({ run: { ...run, asked: 'continue' } });
      client?.post({ type: 'continue', runId: run.run.runId });
    },
    stop: () => {
      const { run } = get();
      if (!isActive(run) || run.status === 'idle' || run.status === 'ended') return;
      if (run.status !== 'preparing') set({ run: { ...run, asked: 'stop' } });
      client?.post({ type: 'stop', runId: currentRunId() });
    },
    saveCheckpoint: () => request('download'),
    continueFromHere: () => request('continue'),
    stageFromHere: () => request('stage'),
    readCheckpoint: async (file) => {
      const requestId = nextId();
      set({ resume: { status: 'checking', requestId, name: file.name, source: file } });
      try {
        client?.post({ type: 'readCheckpoint', requestId, name: file.name, bytes: await file.arrayBuffer() });
      } catch (thrown) {
        set({ resume: { status: 'none' } });
        report('checkpoint/unreadable', `"${file.name}" can't be read.`, errorMessage(thrown));
      }
    },
    discardResume: () => set({ resume: { status: 'none' } }),
    report,
    dismissTrouble: () => set(({ troubles }) => ({ troubles: troubles.slice(0, -1) })),
  };
}
