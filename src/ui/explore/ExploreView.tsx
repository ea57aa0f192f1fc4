import { useState, type ReactElement } from 'react';
import { EXPLORE_AXIS, EXPLORE_SEEDS, exploreConfig, exploreSteps } from '../../config/explore.ts';
import { stepGflop } from '../../config/cost.ts';
import { datasetOf } from '../../state/session/images.ts';
import { isActive } from '../../state/session/run.ts';
import { recallSpeed } from '../../state/platform/speed.ts';
import { explorationsOf, type Exploration } from '../../state/runs/explorations.ts';
import { settingsConflict } from '../../state/view/settings.ts';
import { useApp, useKeptRuns, useSession, useSettings, useSweep } from '../app.ts';
import { useStart } from '../settings/StartBar.tsx';
import { formatRoughDuration, plural } from '../widgets/format.ts';
import { ViewBody, ViewPane } from '../widgets/ViewPane.tsx';
import { ContactSheet } from './ContactSheet.tsx';
import { ExploreProgress } from './ExploreProgress.tsx';
import styles from './ExploreView.module.css';

const RUNS = EXPLORE_AXIS.values.length * EXPLORE_SEEDS;

/** Short runs of every stop of *Slots by*, and the sheet to choose one from. */
export function ExploreView(): ReactElement {
  const explorations = useKeptRuns((state) => state.runs);
  const latest = explorationsOf(explorations).at(0);
  const running = useSweep((state) => state.status === 'running');
  return (
    <ViewPane testId="explore">
      <div className="panel-head">
        <h2>Explore</h2>
      </div>
      <ViewBody className={styles.body}>
        <p className="muted">
          No recipe suits every folder. Short runs of four show what slots become on these images; the pictures decide.
        </p>
        {running ? <ExploreProgress /> : <Begin />}
        {!running && latest !== undefined && latest.done < latest.runs && <Resume exploration={latest} />}
        {latest !== undefined && latest.rows.length > 0 && <ContactSheet exploration={latest} />}
      </ViewBody>
    </ViewPane>
  );
}

/** Starts an exploration with the settings of the form. */
function Begin(): ReactElement {
  const { sweeps, memory } = useApp();
  const adapter = useSession(({ adapter: state }) => (state.status === 'ready' ? state.adapter : undefined));
  const config = useSettings((state) => state.config);
  const { readiness } = useStart();
  const canPlan = settingsConflict(config) === undefined && adapter !== undefined;
  const speed = adapter && recallSpeed(memory, adapter).gflopPerSecond;
  const [wanted, setWanted] = useState<number>();
  const fitting = canPlan && speed !== undefined ? exploreSteps(config, speed) : 0;
  const steps = wanted ?? fitting;
  const seconds = speed !== undefined && steps > 0 ? (RUNS * steps * stepGflop(config)) / speed : 0;
  return (
    <>
      <p data-testid="explore-plan">
        {readiness.ready ? `${RUNS} runs of ${steps} steps, about ${formatRoughDuration(seconds)}.` : readiness.why}
      </p>
      <label className="inline-control">
        Steps per run
        <input
          type="number"
          min={1}
          max={100_000}
          value={steps}
          onChange={({ currentTarget }) => setWanted(Math.max(1, Math.floor(currentTarget.valueAsNumber || 1)))}
          data-testid="explore-steps"
        />
      </label>
      <button
        type="button"
        className="primary"
        disabled={!readiness.ready || fitting === 0}
        onClick={() => void sweeps.explore(exploreConfig(config, steps))}
        data-testid="start-explore"
      >
        Explore these images
      </button>
    </>
  );
}

/** Goes on with what was interrupted, where its images are there. */
function Resume({ exploration }: { readonly exploration: Exploration }): ReactElement {
  const { sweeps } = useApp();
  const name = useSession(({ images }) => datasetOf(images)?.name);
  const busy = useSession(({ run }) => isActive(run));
  const { images, done, runs } = exploration;
  return (
    <p>
      {plural(done, 'run')} of {runs} on “{images}” are over.{' '}
      <button
        type="button"
        disabled={busy || name !== images}
        title={name === images ? '' : `Choose “${images}” first`}
        onClick={() => void sweeps.resume(exploration)}
        data-testid="resume-explore"
      >
        Continue this exploration
      </button>
    </p>
  );
}
