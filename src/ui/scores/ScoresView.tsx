import type { ReactElement } from 'react';
import { useSession } from '../app.ts';
import { ClassTable } from './ClassTable.tsx';
import { ConfusionTable } from './ConfusionTable.tsx';
import { ScoreChart } from './ScoreChart.tsx';
import { ScoreTable } from './ScoreTable.tsx';
import { ScoresHead } from './ScoresHead.tsx';

/** How well the slots match masks, which training never sees. */
export function ScoresView(): ReactElement {
  const report = useSession(({ scores }) => scores.report);
  return (
    <div className="scores" data-testid="scores">
      <ScoresHead />
      {report && (
        <div className="scores-body">
          <ScoreTable report={report} />
          <ScoreChart />
          <ClassTable report={report} />
          <ConfusionTable report={report} />
        </div>
      )}
    </div>
  );
}
