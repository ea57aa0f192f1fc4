import type { StoreApi } from 'zustand/vanilla';
import { createTrainerClient, type TrainerClient, type WorkerLike } from '../../worker/client.ts';
import type { FromWorker } from '../../worker/protocol.ts';
import type { ErrorCode } from '../../lib/errorCodes.ts';
import { createCoalescer } from '../../lib/coalesce.ts';
import { reduceLive, type LiveState } from './live.ts';
import { reduceSession } from './reduceSession.ts';
import type { Series } from '../runs/series.ts';
import { createSessionCore } from './core.ts';
import { createSessionGallery, type SessionGallery } from './gallery.ts';
import { createSessionJobs, type SessionJobs } from './jobs.ts';
import { showLoadedCheckpoints } from './preview.ts';
import { createSessionClasses, type SessionClasses } from './classes.ts';
import { createSessionImages, type ImagesPart, type SessionImages } from './images.ts';
import { createSessionMasks, type SessionMasks } from './masks.ts';
import { createSessionScores, type ScoresPart, type SessionScores } from './scores.ts';
import type { Memory } from '../platform/memory.ts';
import { createSessionRuns, type SessionRuns } from './run.ts';
import { isActive, type SessionState } from './state.ts';
import { isFatal } from './notice.ts';

export interface SessionPorts {
  spawnWorker(): WorkerLike;
  /** Computes on the processor whatever there is: shows how the page does without a graphics adapter. */
  readonly forceBackend?: 'cpu' | undefined;
  readonly forceEngine?: 'eager' | undefined;
  /** Hands a finished file to the person. */
  download(fileName: string, source: Blob): void;
  readonly memory: Memory;
}

export type Session = SessionImages &
  Omit<SessionRuns, 'currentRunId' | 'rewind' | 'deliver' | 'forget' | 'afterWorker'> &
  Omit<SessionJobs, 'settle' | 'abandon'> &
  SessionClasses &
  SessionMasks &
  SessionGallery &
  SessionScores & {
    readonly store: StoreApi<SessionState>;
    readonly live: StoreApi<LiveState>;
    readonly series: Series;
    /** Starts the worker, and again after a crash: the images are then read once more. */
    open(): void;
    report(code: ErrorCode, message: string, detail?: string): void;
    /** Hands a file that the page has made to the person. */
    save(fileName: string, source: Blob): void;
    dismissTrouble(): void;
  };

/** Ten updates a second are as many as a person can read. */
const UPDATE_MS = 100;

/** What comes by the dozen and waits for its turn; everything else is shown at once, in order. */
const FREQUENT: ReadonlySet<FromWorker['type']> = new Set([
  'step',
  'imageRead',
  'imageSkipped',
  'reading',
  'preparing',
  'jobProgress',
]);

/** One worker and what the page knows of it. */
export function createSession(ports: SessionPorts): Session {
  let client: TrainerClient | undefined;
  const core = createSessionCore((message) => client?.post(message));
  const { store, live, series, report } = core;
  const { feed, readAgain, ensureWorkingSize, ...images }: ImagesPart = createSessionImages(core);
  const runs = createSessionRuns(core, ports.download);
  const jobs = createSessionJobs(core);
  const classes = createSessionClasses(core);
  const masks = createSessionMasks(core, jobs, ports.download);
  showLoadedCheckpoints(core, jobs);
  const gallery = createSessionGallery(core, jobs);
  const { masksRead, scored, readMasksAgain, ...scores }: ScoresPart = createSessionScores(core, jobs, ports.memory);

  const batch = createCoalescer<FromWorker>((messages) => {
    live.setState(reduceLive(live.getState(), messages, runs.currentRunId()), true);
    store.setState(reduceSession(store.getState(), messages, live.getState().record?.step), true);
  }, UPDATE_MS);

  const receive = (message: FromWorker): void => {
    if (message.type === 'wantFiles') return void feed(message);
    if (message.type === 'step' && message.runId === runs.currentRunId()) series.push(message.record);
    batch.add(message);
    if (FREQUENT.has(message.type)) return;
    const goesOn = message.type === 'started' || message.type === 'recovered';
    if (goesOn && message.runId === runs.currentRunId()) runs.rewind(message.step);
    const { run } = store.getState();
    batch.flush();
    // The worker can't be interrupted while it prepares: a stop asked for then is said again when it listens.
    if (message.type === 'started' && run.status === 'preparing' && run.asked) runs.stop();
    if (message.type === 'checkpoint') runs.deliver(message);
    if (message.type === 'masksRead') masksRead(message);
    if (message.type === 'scored') scored(message);
    if (message.type === 'jobDone' || message.type === 'jobCanceled') jobs.settle(message);
    if (message.type === 'trouble') afterTrouble(message);
  };

  const afterTrouble = (message: Extract<FromWorker, { type: 'trouble' }>): void => {
    if (message.requestId !== undefined) runs.forget(message.requestId);
    jobs.settle(message);
    if (!isFatal(message.code)) return;
    jobs.abandon(message.message);
    client?.close();
  };

  const open = (): void => {
    client?.close();
    jobs.abandon();
    store.setState({ adapter: { status: 'opening' }, troubles: [], saving: 0, ...runs.afterWorker() });
    client = createTrainerClient(ports.spawnWorker(), receive);
    const { forceBackend, forceEngine } = ports;
    client.post({ type: 'open', ...(forceBackend && { forceBackend }), ...(forceEngine && { forceEngine }) });
    readAgain();
    readMasksAgain();
  };

  const dismissTrouble = (): void => store.setState(({ troubles }) => ({ troubles: troubles.slice(0, -1) }));
  /** The settings may have changed since the images were read, by hand or with a loaded checkpoint. */
  const start: Session['start'] = (config, title) => {
    if (!isActive(store.getState().run)) ensureWorkingSize(config.workingSize);
    return runs.start(config, title);
  };
  return {
    ...images,
    ...runs,
    ...jobs,
    ...classes,
    ...masks,
    ...gallery,
    ...scores,
    start,
    store,
    live,
    series,
    open,
    report,
    save: ports.download,
    dismissTrouble,
  };
}
