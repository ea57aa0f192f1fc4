import type { Config } from '../../config/fields.ts';
import { interruptedRun, type RunHistory } from './runHistory.ts';
import { startReadiness } from '../session/readiness.ts';
import type { Session } from '../session/session.ts';
import { SAMPLE_SCENES_NAME } from '../session/images.ts';
import { datasetOf } from '../session/state.ts';

/**
 * Goes on with the interrupted run: takes its checkpoint and its images, and starts as soon as both are there. Call it in
 * a click: `openFolder` may have to ask the person, who may also choose not to; then the start is left to them.
 */
export async function continueInterrupted(
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
  await runHistory.resumeInterrupted();
  // Started from here, outside the store's round of listeners, some of which would else hear of the start twice.
  if (await canStart(session, run.config)) session.start(run.config, run.title);
}

/** Once checkpoint and images are there; false when one of them won't come. */
function canStart({ store }: Session, config: Config): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (state = store.getState(), before = state): void => {
      const { resume, run, images } = state;
      const isRefused = run.status !== 'idle' || resume.status === 'none' || resume.status === 'encoder';
      const isGivenUp = before.images.status === 'listing' && images.status === 'empty';
      const isReady = resume.status === 'loaded' && startReadiness(state, config, 0).ready;
      if (!isRefused && !isGivenUp && !isReady) return;
      stopLooking();
      resolve(isReady && !isRefused);
    };
    const stopLooking = store.subscribe(look);
    look();
  });
}
