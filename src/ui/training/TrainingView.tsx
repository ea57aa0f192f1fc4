import { lazy, Suspense, type ReactElement } from 'react';
import { useSession, useSweep } from '../app.ts';
import { CurveCharts } from '../charts/CurveCharts.tsx';
import { EmptyState } from '../images/EmptyState.tsx';
import { ReadyState } from '../images/ReadyState.tsx';
import { useStage } from '../useStage.ts';
import { WatchedGrid } from '../watched/WatchedGrid.tsx';
import { Scrubber } from './Scrubber.tsx';
import styles from './TrainingView.module.css';

const NextSteps = lazy(async () => ({ default: (await import('./NextSteps.tsx')).NextSteps }));

/** The run with its curves and overlays; before it, the ways to bring images. */
export function TrainingView(): ReactElement {
  const stage = useStage();
  if (stage === 'empty') return <EmptyState />;
  if (stage === 'ready') return <ReadyState />;
  return (
    <>
      <div className={styles.scroll}>
        <AfterEnd />
        <CurveCharts />
        <WatchedGrid />
      </div>
      <Scrubber />
    </>
  );
}

/** What to do next, once a run has ended and no other follows by itself. */
function AfterEnd(): ReactElement | null {
  const run = useSession((state) => state.run);
  const isOneOfMany = useSweep(({ status }) => status === 'running');
  if (run.status !== 'ended' || isOneOfMany) return null;
  return (
    <Suspense>
      <NextSteps run={run} />
    </Suspense>
  );
}
