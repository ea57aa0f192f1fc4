import type { ReactElement } from 'react';
import { resumeInterrupted } from '../../state/runs/resumeInterrupted.ts';
import { interruptedRun } from '../../state/runs/runHistory.ts';
import { SAMPLE_SCENES_NAME } from '../../state/session/images.ts';
import { NEW_RUN_VIEW } from '../../state/view/view.ts';
import { useApp, useKeptRuns, useSession, useTabs } from '../app.ts';
import { formatCount } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './Notice.module.css';

/** Offers to resume a run that a crash, or closing the page, interrupted. */
export function InterruptedRun(): ReactElement | null {
  const { session, runHistory, images, view } = useApp();
  const run = useKeptRuns(interruptedRun);
  const isFree = useSession((state) => state.run.status === 'idle' && state.resume.status === 'none');
  const isTaken = useTabs(({ other }) => other !== undefined);
  if (!run || !isFree || isTaken) return null;
  const { title, step, totalSteps, checkpointStep = 0 } = run;
  const resume = (): void => {
    view.setState({ ...NEW_RUN_VIEW, mainView: 'run' });
    void resumeInterrupted(session, runHistory, images.chooseAgain);
  };
  return (
    <section className={styles.notice} aria-label="Interrupted run" data-testid="interrupted">
      <p>
        <strong>{title}</strong> was interrupted after step {formatCount(step)} of {formatCount(totalSteps)}. Its state
        after step {formatCount(checkpointStep)} is saved
        {run.images !== SAMPLE_SCENES_NAME && <>; you will be asked for the images, “{run.images}”</>}.
      </p>
      <div className={styles.buttons}>
        <button type="button" className="primary small" onClick={resume}>
          <Icon name="play" /> Continue
        </button>
        <button type="button" className="small" onClick={runHistory.dismissInterrupted}>
          Not now
        </button>
      </div>
    </section>
  );
}
