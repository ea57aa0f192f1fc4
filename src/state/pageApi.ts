import type { Config } from '../config/fields.ts';
import type { SkippedFile } from '../domain/images.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { Health, Overlay, StepRecord, StepTiming } from '../domain/reports.ts';
import type { ErrorCode } from '../lib/errorCodes.ts';
import type { AdapterSummary } from '../worker/protocol.ts';
import type { Session } from './session/session.ts';
import { datasetOf, runOf, type ImagesState, type ResumeState, type RunState } from './session/state.ts';

/** What tests and the headless command read instead of scraping the page. */
export interface PageSnapshot {
  readonly adapter: AdapterSummary | undefined;
  readonly images: {
    readonly status: ImagesState['status'];
    /** −1 before the first; every reading has its own. */
    readonly datasetId: number;
    readonly name: string;
    readonly usable: number;
    readonly skipped: number;
    /** Files found, while a folder is read. */
    readonly found: number;
    readonly isListing: boolean;
  };
  readonly status: RunState['status'];
  /** −1 before the first run has begun. */
  readonly runId: number;
  readonly endReason: string | undefined;
  /** The settings of the run on the screen, and what the worker had to say about it. */
  readonly config: Config | undefined;
  readonly notes: readonly string[];
  readonly step: number;
  readonly totalSteps: number;
  /** Records in the curves. */
  readonly records: number;
  readonly lastRecord: StepRecord | undefined;
  readonly timing: StepTiming;
  readonly snapshotSteps: readonly number[];
  readonly autosavedStep: number | undefined;
  readonly verdict: string | undefined;
  readonly resume: ResumeState['status'];
  readonly classes: PrototypeClasses;
  readonly troubles: readonly { readonly code: ErrorCode; readonly message: string }[];
}

/** `window.slotconTab`: everything here can be cloned out of the page. */
export interface PageApi {
  state(): PageSnapshot;
  /** The exact records after this step and up to that of `state()`, oldest first; the page keeps the latest 512. */
  recordsAfter(step: number): readonly StepRecord[];
  /** The segmentations drawn at this step, while the page keeps them. */
  overlaysAt(step: number): readonly Overlay[];
  /** The health of the networks at this step, while the page keeps it. */
  healthAt(step: number): Health | undefined;
  skippedFiles(): readonly SkippedFile[];
  /** See `Session.stopAfter`. */
  stopAfter(step: number): void;
  /** Durations (ms) of main-thread tasks over 50 ms since the page opened. */
  longTasks(): readonly number[];
}

declare global {
  interface Window {
    slotconTab?: PageApi;
  }
}

export function createPageApi(session: Session, longTasks: () => readonly number[]): PageApi {
  const snapshotAt = (at: number) => session.live.getState().snapshots.find(({ step }) => step === at);
  return {
    longTasks,
    stopAfter: session.stopAfter,
    recordsAfter: (step) => {
      const until = session.live.getState().record?.step ?? 0;
      return session.series.recent().filter((record) => record.step > step && record.step <= until);
    },
    overlaysAt: (step) => snapshotAt(step)?.overlays ?? [],
    healthAt: (step) => snapshotAt(step)?.health,
    skippedFiles: () => datasetOf(session.store.getState().images)?.skipped ?? [],
    state: () => snapshotOf(session),
  };
}

function snapshotOf({ store, live, series }: Session): PageSnapshot {
  const { adapter, images, run, resume, classes, troubles, autosave } = store.getState();
  const { record: lastRecord, snapshots, verdict, timing } = live.getState();
  const dataset = datasetOf(images);
  const shown = runOf(run);
  return {
    adapter: adapter.status === 'ready' ? adapter.adapter : undefined,
    images: {
      status: images.status,
      datasetId: dataset?.datasetId ?? -1,
      name: dataset?.name ?? '',
      usable: dataset?.usable ?? 0,
      skipped: dataset?.skipped.length ?? 0,
      ...readingOf(images),
    },
    status: run.status,
    runId: shown?.runId ?? -1,
    endReason: run.status === 'ended' ? run.reason : undefined,
    config: shown?.config,
    notes: shown?.notes ?? [],
    step: lastRecord?.step ?? shown?.startStep ?? 0,
    totalSteps: shown?.totalSteps ?? 0,
    records: series.count(),
    lastRecord,
    timing,
    snapshotSteps: snapshots.map(({ step }) => step),
    autosavedStep: autosave?.step,
    verdict: verdict?.title,
    resume: resume.status,
    classes: classes.present,
    troubles: troubles.map(({ code, message }) => ({ code, message })),
  };
}

function readingOf(images: ImagesState): Pick<PageSnapshot['images'], 'found' | 'isListing'> {
  if (images.status !== 'reading') return { found: 0, isListing: images.status === 'listing' };
  return { found: images.total, isListing: images.isListing };
}
