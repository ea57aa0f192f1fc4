import type { Config } from '../../config/fields.ts';
import { SAMPLE_SCENES_NAME } from '../session/images.ts';
import { startReadiness } from '../session/readiness.ts';
import type { Session } from '../session/session.ts';
import { datasetOf } from '../session/images.ts';
import { interruptedRun, type RunHistory } from './runHistory.ts';

/**
 * Continues the interrupted run: loads its checkpoint and its images, and starts as soon as both are there. Call it in a
 * click: `openFolder` may need the person's permission. Without it the checkpoint is loaded and nothing starts.
 */
export async function resumeInterrupted(
  session: Session,
  runHistory: RunHistory,
  openFolder: (name: string) => void,
): Promise<void> {
  const run = interruptedRun(runHistory.store.getState());
  if (!run) return;
  if (datasetOf(session.store.getState().images)?.name !== run.images) {
    if (run.images === SAMPLE_SCENES_NAME) session.readSamples();
    else openFolder(run.images);
  }
  await runHistory.loadInterrupted();
  // Started here rather than in a listener of the store, where later listeners would see the states out of order.
  if (await canStart(session, run.config)) session.start(run.config, run.title);
}

/** Resolves to true once checkpoint and images are there, to false when one of them was refused. */
function canStart({ store }: Session, config: Config): Promise<boolean> {
  return new Promise((resolve) => {
    const check = (state = store.getState(), before = state): void => {
      const { resume, run, images } = state;
      const isRefused = run.status !== 'idle' || resume.status === 'none' || resume.status === 'encoder';
      const isCanceled = before.images.status === 'listing' && images.status === 'empty';
      const isReady = resume.status === 'loaded' && startReadiness(state, config, 0).ready;
      if (!isRefused && !isCanceled && !isReady) return;
      unsubscribe();
      resolve(isReady && !isRefused);
    };
    const unsubscribe = store.subscribe(check);
    check();
  });
}
