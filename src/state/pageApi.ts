import type { Config } from '../config/fields.ts';
import type { SkippedFile } from '../domain/images.ts';
import type { Note } from '../domain/note.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { Health, Overlay, StepTiming } from '../domain/reports.ts';
import type { StepRecord } from '../signals/metrics.ts';
import type { ErrorCode } from '../lib/errorCodes.ts';
import type { AdapterSummary } from '../worker/contracts.ts';
import type { Session } from './session/session.ts';
import type { Settings } from './view/settings.ts';
import { datasetOf, type ImagesState, type ImageSummary } from './session/images.ts';
import type { ResumeState } from './session/resume.ts';
import { runOf, type RunState } from './session/run.ts';

/** State of the page in one object, for tests and commands that drive it. */
export interface PageSnapshot {
  readonly adapter: AdapterSummary | undefined;
  readonly images: {
    readonly status: ImagesState['status'];
    /** −1 before the first; each time images are read it is another. */
    readonly datasetId: number;
    readonly name: string;
    readonly usable: number;
    readonly skipped: number;
    readonly notes: readonly Note[];
    readonly different: number | undefined;
    /** Files found, while a folder is read. */
    readonly found: number;
    readonly isListing: boolean;
  };
  readonly status: RunState['status'];
  /** −1 before the first run has begun. */
  readonly runId: number;
  readonly endReason: string | undefined;
  /** Settings of the run on the screen. */
  readonly config: Config | undefined;
  /** Notes of the worker about that run. */
  readonly notes: readonly string[];
  readonly step: number;
  readonly totalSteps: number;
  /** Number of records in the curves. */
  readonly records: number;
  readonly lastRecord: StepRecord | undefined;
  readonly timing: StepTiming;
  readonly snapshotSteps: readonly number[];
  readonly autosavedStep: number | undefined;
  readonly verdict: string | undefined;
  readonly resume: ResumeState['status'];
  readonly classes: PrototypeClasses;
  readonly notices: readonly { readonly code: ErrorCode; readonly message: string }[];
}

/** `window.slotconTab`. All results can be cloned out of the page. */
export interface PageApi {
  state(): PageSnapshot;
  /** The exact records after `step` and up to that of `state()`, oldest first. The page keeps the latest 512. */
  recordsAfter(step: number): readonly StepRecord[];
  /** The segmentations drawn at `step`; empty if there are none or they were dropped. */
  overlaysAt(step: number): readonly Overlay[];
  /** The health of the networks at `step`, as long as its overlays are there. */
  healthAt(step: number): Health | undefined;
  skippedFiles(): readonly SkippedFile[];
  /** The images that have thumbnails. */
  images(): readonly ImageSummary[];
  /** Sets valid settings, as if they had been entered in the form. */
  set(settings: Partial<Config>): void;
  /** See `Session.stopAfter`. */
  stopAfter(step: number): void;
  /** Durations (ms) of main-thread tasks over 50 ms since the page opened. */
  longTasks(): readonly number[];
  /** Memory of the photographs at the resolution of the screen. */
  displayBytes(): number;
}

declare global {
  interface Window {
    /** Set once the page has loaded: test with `'slotconTab' in window`. */
    slotconTab: PageApi;
  }
}

export function createPageApi(
  session: Session,
  settings: Settings,
  longTasks: () => readonly number[],
  displayBytes: () => number,
): PageApi {
  const snapshotAt = (at: number) => session.live.getState().snapshots.find(({ step }) => step === at);
  return {
    state: () => snapshotOf(session),
    recordsAfter: (step) => {
      const until = session.live.getState().record?.step ?? 0;
      return session.series.recent().filter((record) => record.step > step && record.step <= until);
    },
    overlaysAt: (step) => snapshotAt(step)?.overlays ?? [],
    healthAt: (step) => snapshotAt(step)?.health,
    skippedFiles: () => datasetOf(session.store.getState().images)?.skipped ?? [],
    images: () => datasetOf(session.store.getState().images)?.images ?? [],
    set: settings.change,
    stopAfter: session.stopAfter,
    longTasks,
    displayBytes,
  };
}

function snapshotOf({ store, live, series }: Session): PageSnapshot {
  const { adapter, images, run, resume, classes, notices, autosave } = store.getState();
  const { record: lastRecord, snapshots, verdict, timing } = live.getState();
  const dataset = datasetOf(images);
  const current = runOf(run);
  return {
    adapter: adapter.status === 'ready' ? adapter.adapter : undefined,
    images: {
      status: images.status,
      datasetId: dataset?.datasetId ?? -1,
      name: dataset?.name ?? '',
      usable: dataset?.usable ?? 0,
      skipped: dataset?.skipped.length ?? 0,
      notes: dataset?.notes ?? [],
      different: dataset?.different,
      ...readingProgress(images),
    },
    status: run.status,
    runId: current?.runId ?? -1,
    endReason: run.status === 'ended' ? run.reason : undefined,
    config: current?.config,
    notes: current?.notes ?? [],
    step: lastRecord?.step ?? current?.startStep ?? 0,
    totalSteps: current?.totalSteps ?? 0,
    records: series.count(),
    lastRecord,
    timing,
    snapshotSteps: snapshots.map(({ step }) => step),
    autosavedStep: autosave?.step,
    verdict: verdict?.title,
    resume: resume.status,
    classes: classes.present,
    notices: notices.map(({ code, message }) => ({ code, message })),
  };
}

function readingProgress(images: ImagesState): Pick<PageSnapshot['images'], 'found' | 'isListing'> {
  if (images.status !== 'reading') return { found: 0, isListing: images.status === 'listing' };
  return { found: images.total, isListing: images.isListing };
}
