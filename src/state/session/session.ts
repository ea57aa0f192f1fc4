import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TuneMode } from '../../domain/tuneMode.ts';
import type { Config } from '../../config/fields.ts';
import { createCoalescer } from '../../lib/async/coalesce.ts';
import type { ErrorCode } from '../../lib/errorCodes.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { createTrainerClient, type TrainerClient } from '../../worker/client.ts';
import { RequestError, WorkerLostError, type WorkerLike } from '../../worker/requestClient.ts';
import type { ErrorReport } from '../../worker/contracts.ts';
import type { WorkerEvent } from '../../worker/events.ts';
import type { Memory } from '../platform/memory.ts';
import { createSeries, type Series } from '../runs/series.ts';
import { createAdapterSlice, INITIAL_ADAPTER, type AdapterActions, type AdapterSlice } from './adapter.ts';
import { createClassesSlice, INITIAL_CLASSES, type ClassActions, type ClassesSlice } from './classes.ts';
import type { SessionCore } from './core.ts';
import { createGallerySlice, INITIAL_GALLERY, type GalleryActions, type GallerySlice } from './gallery.ts';
import {
  createImagesSlice,
  imagesAfterLoss,
  INITIAL_IMAGES,
  reduceImages,
  type ImageActions,
  type ImagesSlice,
} from './images.ts';
import { createJobsSlice, INITIAL_JOBS, type JobActions, type JobsSlice } from './jobs.ts';
import { createLiveStore, reduceLive, type LiveState } from './live/live.ts';
import { createMasksSlice, INITIAL_MASKS, type MaskActions, type MasksSlice } from './masks.ts';
import { INITIAL_NOTICES, withNotice, type NoticesSlice } from './notices.ts';
import { showLoadedCheckpoints } from './preview.ts';
import {
  createResumeSlice,
  INITIAL_RESUME,
  reduceResume,
  resumeAfterLoss,
  startingPoint,
  type ResumeActions,
  type ResumeSlice,
} from './resume.ts';
import {
  createRunSlice,
  INITIAL_RUN,
  isActive,
  reduceRun,
  runAfterLoss,
  runIdOf,
  type RunActions,
  type RunSlice,
} from './run.ts';
import { createSavesSlice, INITIAL_SAVES, reduceAutosave, type SaveActions, type SavesSlice } from './saves.ts';
import { createScoresSlice, INITIAL_SCORES, type ScoreActions, type ScoresSlice } from './scores.ts';

export type SessionState = AdapterSlice &
  ImagesSlice &
  RunSlice &
  SavesSlice &
  ResumeSlice &
  JobsSlice &
  GallerySlice &
  ClassesSlice &
  MasksSlice &
  ScoresSlice &
  NoticesSlice;

export const INITIAL_SESSION: SessionState = {
  ...INITIAL_ADAPTER,
  ...INITIAL_IMAGES,
  ...INITIAL_RUN,
  ...INITIAL_SAVES,
  ...INITIAL_RESUME,
  ...INITIAL_JOBS,
  ...INITIAL_GALLERY,
  ...INITIAL_CLASSES,
  ...INITIAL_MASKS,
  ...INITIAL_SCORES,
  ...INITIAL_NOTICES,
};

export interface SessionPorts {
  spawnWorker(): WorkerLike;
  /** Computes on the processor even if there is a graphics adapter. */
  readonly forceBackend?: 'cpu' | undefined;
  readonly forceEngine?: 'eager' | undefined;
  readonly tune?: TuneMode | undefined;
  /** Hands a finished file to the person. */
  download(fileName: string, source: Blob): void;
  readonly memory: Memory;
}

export interface Session
  extends
    AdapterActions,
    ImageActions,
    RunActions,
    SaveActions,
    ResumeActions,
    JobActions,
    ClassActions,
    MaskActions,
    GalleryActions,
    ScoreActions {
  readonly store: StoreApi<SessionState>;
  readonly live: StoreApi<LiveState>;
  readonly series: Series;
  /** Starts the worker, and again after a crash: the images are then read once more. */
  open(): void;
  /** Starts a run on the images, from the loaded file if there is one. */
  start(config: Config, title: string): void;
  report(code: ErrorCode, message: string, detail?: string): void;
  /** Hands a file that the page has made to the person. */
  save(fileName: string, source: Blob): void;
  dismissNotice(): void;
}

/** Ten updates a second are as many as a person can read. */
const UPDATE_MS = 100;

/** Events that come by the dozen and wait for the next update; all others are applied at once, in order. */
const FREQUENT: ReadonlySet<WorkerEvent['type']> = new Set([
  'step',
  'imageRead',
  'imageSkipped',
  'reading',
  'preparing',
]);

/** Applies a batch of events, in order; those of an older data set or run change nothing. */
function reduceSession(state: SessionState, events: readonly WorkerEvent[]): SessionState {
  const start = { ...state, images: reduceImages(state.images, events) };
  return events.reduce((before, event) => {
    return {
      ...before,
      run: reduceRun(before.run, event),
      ...reduceResume(before, event, before.run),
      autosave: reduceAutosave(before.autosave, event),
      notices: event.type === 'notice' || event.type === 'runFailed' ? withNotice(before, event.error) : before.notices,
    };
  }, start);
}

/** Creates the page's state and the client of its worker. */
export function createSession(ports: SessionPorts): Session {
  const { download, memory } = ports;
  const store = createStore<SessionState>()(() => INITIAL_SESSION);
  const live = createLiveStore();
  const series = createSeries();
  let client: TrainerClient | undefined;
  let ids = 0;

  const updates = createCoalescer<WorkerEvent>((events) => {
    live.setState(reduceLive(live.getState(), events, runIdOf(store.getState().run)), true);
    store.setState(reduceSession(store.getState(), events), true);
  }, UPDATE_MS);
  const add = (error: ErrorReport): void => store.setState((state) => ({ notices: withNotice(state, error) }));
  const report = (code: ErrorCode, message: string, detail?: string): void =>
    add({ code, message, ...(detail === undefined ? {} : { detail }) });

  const core: SessionCore<SessionState> = {
    store,
    live,
    series,
    send: (command) => client?.send(command),
    request: (...request) => {
      if (!client) throw new Error('The session is not open.');
      return client.request(...request).finally(updates.flush);
    },
    flush: updates.flush,
    nextId: () => ++ids,
    report,
    reportThrown: (code, thrown) => {
      const isExpected = thrown instanceof WorkerLostError || (thrown as Error | undefined)?.name === 'AbortError';
      if (isExpected) return;
      if (thrown instanceof RequestError) add(thrown.report);
      else report(thrown instanceof UserError ? thrown.code : code, errorMessage(thrown));
    },
  };
  const adapter = createAdapterSlice(core, ports);
  const images = createImagesSlice(core);
  const run = createRunSlice(core);
  const saves = createSavesSlice(core, download);
  const resume = createResumeSlice(core, saves, run);
  const jobs = createJobsSlice(core);
  const classes = createClassesSlice(core, run.sendClasses);
  const masks = createMasksSlice(core, jobs, download);
  showLoadedCheckpoints(core, jobs);
  const gallery = createGallerySlice(core, jobs);
  const scores = createScoresSlice(core, jobs, memory);

  const onEvent = (event: WorkerEvent): void => {
    if (event.type === 'wantFiles') return void images.sendFiles(event);
    if (event.type === 'wantPhotograph') return void masks.sendPhotograph(event);
    if (event.type === 'tuned') return adapter.remember(event.proven);
    const isOfRun = 'runId' in event && event.runId === runIdOf(store.getState().run);
    if (event.type === 'step' && isOfRun) series.push(event.record);
    updates.add(event);
    if (FREQUENT.has(event.type)) return;
    if ((event.type === 'started' || event.type === 'recovered') && isOfRun) run.rewind(event.step);
    updates.flush();
  };
  const onLost = (error: WorkerLostError): void => {
    updates.flush();
    store.setState((state) => ({
      adapter: { status: 'failed' },
      images: imagesAfterLoss(state.images),
      run: runAfterLoss(state.run, series.last()?.step),
      notices: withNotice(state, error.report),
    }));
  };
  const open = (): void => {
    client?.close();
    store.setState((state) => ({
      notices: [],
      run: runAfterLoss(state.run, series.last()?.step),
      resume: resumeAfterLoss(state),
    }));
    client = createTrainerClient(ports.spawnWorker(), { onEvent, onLost });
    adapter.open();
    images.reload();
    scores.reload();
  };
  const start: Session['start'] = (config, title) => {
    if (isActive(store.getState().run)) return;
    // The settings may have changed since the images were read, by hand or with a loaded checkpoint.
    images.ensureWorkingSize(config.workingSize);
    const from = startingPoint(store.getState(), config);
    run.begin({ title, config, keepsHistory: from.keepsHistory }, from.classes, from.source, from.anew);
  };

  return {
    ...adapter.actions,
    ...images.actions,
    ...run.actions,
    ...saves.actions,
    ...resume,
    ...jobs,
    ...classes,
    ...masks.actions,
    ...gallery,
    ...scores.actions,
    store,
    live,
    series,
    open,
    start,
    report,
    save: download,
    dismissNotice: () => store.setState(({ notices }) => ({ notices: notices.slice(0, -1) })),
  };
}
