import type { ReactElement } from 'react';
import { CurveCharts } from '../charts/CurveCharts.tsx';
import { EmptyState } from '../images/EmptyState.tsx';
import { ReadyState } from '../images/ReadyState.tsx';
import { Scrubber } from './Scrubber.tsx';
import { useStage } from '../useStage.ts';
import { WatchedGrid } from './WatchedGrid.tsx';

/** From the empty page to the run in all its curves and pictures. */
export function TrainingView(): ReactElement {
  const stage = useStage();
  if (stage === 'empty') return <EmptyState />;
  if (stage === 'ready') return <ReadyState />;
  return (
    <>
      <div className="main-scroll">
        <CurveCharts />
        <WatchedGrid />
      </div>
      <Scrubber />
    </>
  );
}
