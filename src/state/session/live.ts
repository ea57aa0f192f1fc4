import { createStore, type StoreApi } from 'zustand/vanilla';
import type { StepTiming, Verdict } from '../../domain/reports.ts';
import type { StepRecord } from '../../signals/metrics.ts';
import type { FromWorker } from '../../worker/protocol.ts';
import { addSnapshot, type OverlaySnapshot } from './snapshots.ts';

/** What changes with every step. Written at most ten times a second, whatever the steps do. */
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

/** The live state after messages of the run with this id, in order. */
export function reduceLive(state: LiveState, messages: readonly FromWorker[], runId: number): LiveState {
  return messages.reduce((live, message) => {
    if (message.type === 'step' && message.runId === runId) {
      const { record, verdict, timing } = message;
      return { ...live, record, verdict, timing };
    }
    if (message.type === 'overlays' && message.runId === runId) {
      const usage = live.record?.usage ?? [];
      const { step, overlays, health } = message;
      const snapshot = { step, overlays, usage, health };
      return { ...live, snapshots: addSnapshot(live.snapshots, snapshot) };
    }
    return live;
  }, state);
}

/** Forgets a run, or what came after the step that it is continued from. */
export function rewindLive(state: LiveState, keepUntilStep: number | undefined): LiveState {
  if (keepUntilStep === undefined) return EMPTY;
  return { ...EMPTY, snapshots: state.snapshots.filter(({ step }) => step <= keepUntilStep) };
}
