import type { StepRecord } from '../trainer/events.ts';
import type { AdapterSummary } from '../worker/protocol.ts';
import type { Session } from './session.ts';
import { datasetOf, type ImagesState, type ResumeState, type RunState } from './sessionState.ts';

/** What tests and the headless command read instead of scraping the page. */
export interface PageSnapshot {
  readonly adapter: AdapterSummary | undefined;
  readonly images: { readonly status: ImagesState['status']; readonly usable: number; readonly skipped: number };
  readonly status: RunState['status'];
  readonly endReason: string | undefined;
  readonly step: number;
  readonly totalSteps: number;
  /** Records in the curves. */
  readonly records: number;
  readonly lastRecord: StepRecord | undefined;
  readonly recent: readonly StepRecord[];
  readonly snapshotSteps: readonly number[];
  readonly verdict: string | undefined;
  readonly resume: ResumeState['status'];
  readonly troubles: readonly { readonly code: string; readonly message: string }[];
}

export interface Seam {
  state(): PageSnapshot;
  /** Durations (ms) of main-thread tasks over 50 ms since the page opened. */
  longTasks(): readonly number[];
}

declare global {
  interface Window {
    slotconTab?: Seam;
  }
}

export function createSeam(session: Session, longTasks: () => readonly number[]): Seam {
  return {
    longTasks,
    state: () => {
      const { adapter, images, run, resume, troubles } = session.store.getState();
      const { snapshots, verdict } = session.live.getState();
      const dataset = datasetOf(images);
      const lastRecord = session.series.last();
      const shown = run.status === 'idle' || run.status === 'preparing' ? undefined : run.run;
      return {
        adapter: adapter.status === 'ready' ? adapter.adapter : undefined,
        images: { status: images.status, usable: dataset?.usable ?? 0, skipped: dataset?.skipped.length ?? 0 },
        status: run.status,
        endReason: run.status === 'ended' ? run.reason : undefined,
        step: lastRecord?.step ?? shown?.startStep ?? 0,
        totalSteps: shown?.totalSteps ?? 0,
        records: session.series.count(),
        lastRecord,
        recent: session.series.recent(),
        snapshotSteps: snapshots.map(({ step }) => step),
        verdict: verdict?.title,
        resume: resume.status,
        troubles: troubles.map(({ code, message }) => ({ code, message })),
      };
    },
  };
}
