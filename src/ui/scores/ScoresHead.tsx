import type { ReactElement } from 'react';
import { masksReadiness } from '../../state/session/readiness.ts';
import { scoringTarget, LIVE_IMAGES, MAX_STEPS, MAX_VALUE } from '../../state/session/scores.ts';
import { datasetOf } from '../../state/session/images.ts';
import { isActive } from '../../state/session/run.ts';
import { useApp, useSession } from '../app.ts';
import { plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './ScoresHead.module.css';

/** Chooses masks and scores the slots; shows why they can't be scored yet. */
export function ScoresHead(): ReactElement {
  const { session, images } = useApp();
  const masks = useSession(({ scores }) => scores.masks);
  const job = useSession(({ jobs }) => jobs.find(({ kind }) => kind === 'score' || kind === 'baselines'));
  const missing = useSession((state) => {
    if (!scoringTarget(state.scores, datasetOf(state.images)?.samples ?? false)) return 'Choose masks first.';
    const readiness = masksReadiness(state);
    return readiness.ready ? undefined : readiness.why;
  });
  const cancel = (): void => {
    session.cancelJobs('score');
    session.cancelJobs('baselines');
  };
  return (
    <div className={styles.head}>
      <div className="panel-head">
        <h2>Scores</h2>
        <button type="button" onClick={images.chooseMasks} data-testid="choose-masks">
          <Icon name="folder" /> Choose masks
        </button>
        <button
          type="button"
          onClick={images.chooseAnnotations}
          title="Annotations (.json) in place of masks"
          data-testid="choose-annotations"
        >
          COCO file
        </button>
        <button
          type="button"
          className="primary"
          onClick={() => (job ? cancel() : void session.score())}
          disabled={!job && missing !== undefined}
          data-testid="score"
        >
          {job ? 'Cancel' : 'Score'}
        </button>
      </div>
      <MasksLine />
      <div className={styles.rules}>
        <LiveControl />
        {masks.status === 'folder' && <VoidControl />}
      </div>
      {/* Its place is reserved, so that nothing moves while a run is scored every few steps. */}
      <div className={styles.progress}>
        {job ? (
          <>
            <progress max={1} value={job.fraction} aria-label={job.phase} />
            <span className="muted">{job.phase}…</span>
          </>
        ) : (
          missing !== undefined && <span className="muted">{missing}</span>
        )}
      </div>
    </div>
  );
}

/** Source of the masks. */
function MasksLine(): ReactElement {
  const { session } = useApp();
  const masks = useSession(({ scores }) => scores.masks);
  const dataset = useSession(({ images }) => datasetOf(images));
  if (masks.status === 'folder') {
    const { name, files, masked, how } = masks;
    const have =
      masked === undefined
        ? plural(files, 'file')
        : `for ${masked} of ${plural(dataset?.usable ?? 0, 'image')}; ${how ?? ''}`;
    return (
      <p data-testid="masks-line">
        Masks from “{name}”: {have}.{' '}
        <button type="button" className="link" onClick={session.forgetMasks}>
          Remove
        </button>
      </p>
    );
  }
  if (dataset?.samples) {
    return (
      <p className="muted" data-testid="masks-line">
        Masks of 100 sample scenes that training never uses.
      </p>
    );
  }
  return (
    <p className="muted" data-testid="masks-line">
      Masks are PNGs named like their images, where every value or color is a class, or a COCO file of annotations.
      Training never uses them.
    </p>
  );
}

function LiveControl(): ReactElement {
  const { session } = useApp();
  const { everySteps } = useSession(({ scores }) => scores.scoring);
  const active = useSession(({ run }) => isActive(run));
  return (
    <label className="inline-control" title={`On ${LIVE_IMAGES} images at most. 0: only on demand.`}>
      Every
      <input
        type="number"
        min={0}
        max={MAX_STEPS}
        step={1}
        value={everySteps}
        onChange={({ currentTarget }) => session.setScoring({ everySteps: currentTarget.valueAsNumber || 0 })}
        data-testid="score-every"
      />
      steps{active && everySteps > 0 ? '; training waits meanwhile' : ' while training'}
    </label>
  );
}

function VoidControl(): ReactElement {
  const { session } = useApp();
  const { voidValue } = useSession(({ scores }) => scores.scoring);
  return (
    <label className="inline-control" title="Pixels of this value are unlabeled and ignored; often 255. Empty: none.">
      Void value
      <input
        type="number"
        min={0}
        max={MAX_VALUE}
        step={1}
        placeholder="none"
        value={voidValue ?? ''}
        onChange={({ currentTarget }) => {
          const { value, valueAsNumber } = currentTarget;
          session.setScoring({ voidValue: value === '' ? undefined : valueAsNumber });
        }}
        data-testid="score-void"
      />
    </label>
  );
}
