import type { StoreApi } from 'zustand/vanilla';
import type { ErrorCode } from '../../lib/errorCodes.ts';
import type { TrainerClient } from '../../worker/client.ts';
import type { Series } from '../runs/series.ts';
import type { LiveState } from './live/live.ts';

/** Shared by the slices of a session; `State` is the part of the session that a slice reads and writes. */
export interface SessionCore<State> {
  readonly store: StoreApi<State>;
  readonly live: StoreApi<LiveState>;
  readonly series: Series;
  readonly send: TrainerClient['send'];
  /** Before its promise settles, the events that came before are in the state. */
  readonly request: TrainerClient['request'];
  /** Applies the events that wait for the next update. */
  flush(): void;
  /** One sequence for data sets, runs and jobs: an id is never used twice. */
  nextId(): number;
  report(code: ErrorCode, message: string, detail?: string): void;
  /**
   * Reports what was thrown; `code` names it if it has none of its own. A canceled request is no error, and the loss of the
   * worker is reported once, by the session.
   */
  reportThrown(code: ErrorCode, thrown: unknown): void;
}
