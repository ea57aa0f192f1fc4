import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StepTiming, Verdict } from '../../../domain/reports.ts';
import type { StepRecord } from '../../../signals/metrics.ts';
import type { WorkerEvent } from '../../../worker/events.ts';
import { addSnapshot, type OverlaySnapshot } from './snapshots.ts';

/** State that changes with every step. Updated at most ten times a second. */
export interface LiveState {
  readonly record: StepRecord | undefined;
  readonly verdict: Verdict | undefined;
  readonly timing: StepTiming;
  /** Oldest first. */
  readonly snapshots: readonly OverlaySnapshot[];
}

const EMPTY: LiveState = {
  record: undefined,
  verdict: undefined,
  timing: { stepMs: 0, imagesPerSecond: 0, etaSeconds: 0, dataWaitShare: 0 },
  snapshots: [],
};

export function createLiveStore(): StoreApi<LiveState> {
  return createStore<LiveState>()(() => EMPTY);
}

/** Applies the events of the run with this id, in order. */
export function reduceLive(state: LiveState, events: readonly WorkerEvent[], runId: number | undefined): LiveState {
  return events.reduce((live, event) => {
    if (event.type === 'step' && event.runId === runId) {
      const { record, verdict, timing } = event;
      return { ...live, record, verdict, timing };
    }
    if (event.type === 'overlays' && event.runId === runId) {
      const usage = live.record?.usage ?? [];
      const { step, overlays, health } = event;
      const snapshot = { step, overlays, usage, health };
      return { ...live, snapshots: addSnapshot(live.snapshots, snapshot) };
    }
    return live;
  }, state);
}

/** Drops everything of a run, or what came after the step that it continues from. */
export function rewindLive(state: LiveState, keepUntilStep: number | undefined): LiveState {
  if (keepUntilStep === undefined) return EMPTY;
  return { ...EMPTY, snapshots: state.snapshots.filter(({ step }) => step <= keepUntilStep) };
}
