import type { ReactElement } from 'react';
import { useSession } from '../app.ts';
import { ViewBody, ViewPane } from '../widgets/ViewPane.tsx';
import { ClassTable } from './ClassTable.tsx';
import { ConfusionTable } from './ConfusionTable.tsx';
import { ScoreChart } from './ScoreChart.tsx';
import styles from './ScoresView.module.css';
import { ScoreTable } from './ScoreTable.tsx';
import { ScoresHead } from './ScoresHead.tsx';

/** Agreement of the slots with masks, which training never uses. */
export function ScoresView(): ReactElement {
  const report = useSession(({ scores }) => scores.report);
  return (
    <ViewPane testId="scores">
      <ScoresHead />
      {report && (
        <ViewBody className={styles.body}>
          <ScoreTable report={report} />
          <ScoreChart />
          <ClassTable report={report} />
          <ConfusionTable report={report} />
        </ViewBody>
      )}
    </ViewPane>
  );
}
