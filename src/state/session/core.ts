import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorCode } from '../../lib/errorCodes.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import type { ToWorker } from '../../worker/protocol.ts';
import { createLiveStore, type LiveState } from './live.ts';
import { recoverableStateOf } from './reduceSession.ts';
import { createSeries, type Series } from '../runs/series.ts';
import { INITIAL_SESSION, type SessionState } from './state.ts';
import { describeNotice } from './notice.ts';

/** What the parts of a session share. */
export interface SessionCore {
  readonly store: StoreApi<SessionState>;
  readonly live: StoreApi<LiveState>;
  readonly series: Series;
  post(message: ToWorker): void;
  /** One sequence for data sets, runs and requests: an id is never used twice. */
  nextId(): number;
  report(code: ErrorCode, message: string, detail?: string): void;
  /** Reports what was thrown; `code` names it where it doesn't name itself. */
  reportThrown(code: ErrorCode, thrown: unknown): void;
}

export function createSessionCore(post: (message: ToWorker) => void): SessionCore {
  const store = createStore<SessionState>()(() => INITIAL_SESSION);
  let ids = 0;
  const report = (code: ErrorCode, message: string, detail?: string): void => {
    const trouble = describeNotice(
      { code, message, ...(detail === undefined ? {} : { detail }) },
      recoverableStateOf(store.getState()),
    );
    store.setState(({ troubles }) => ({ troubles: [...troubles, trouble].slice(-5) }));
  };
  return {
    store,
    live: createLiveStore(),
    series: createSeries(),
    post,
    nextId: () => ++ids,
    report,
    reportThrown: (code, thrown) => report(thrown instanceof UserError ? thrown.code : code, errorMessage(thrown)),
  };
}
