import { runOf, type SessionState } from './state.ts';

/** Whether leaving the page would lose steps: a run is in progress, or has gone further than any file of it. */
export function hasUnsavedSteps({ run, lastSaved, autosave }: SessionState): boolean {
  if (run.status === 'preparing' || run.status === 'training') return true;
  const shown = runOf(run);
  if (!shown || (run.status !== 'paused' && run.status !== 'ended')) return false;
  // What the worker took with it can't be saved any more.
  if (run.status === 'ended' && run.reason === 'lost') return false;
  const saved = [lastSaved, autosave].map((file) => (file?.runId === shown.runId ? file.step : shown.startStep));
  return run.step > Math.max(...saved);
}
