import type { ReactElement } from 'react';
import { CurveCharts } from '../charts/CurveCharts.tsx';
import { EmptyState } from '../images/EmptyState.tsx';
import { ReadyState } from '../images/ReadyState.tsx';
import { useStage } from '../useStage.ts';
import { WatchedGrid } from '../watched/WatchedGrid.tsx';
import { Scrubber } from './Scrubber.tsx';
import styles from './TrainingView.module.css';

/** The run with its curves and overlays; before it, the ways to bring images. */
export function TrainingView(): ReactElement {
  const stage = useStage();
  if (stage === 'empty') return <EmptyState />;
  if (stage === 'ready') return <ReadyState />;
  return (
    <>
      <div className={styles.scroll}>
        <CurveCharts />
        <WatchedGrid />
      </div>
      <Scrubber />
    </>
  );
}
