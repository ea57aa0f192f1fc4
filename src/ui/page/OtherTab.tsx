import type { ReactElement } from 'react';
import { useTabs } from '../app.ts';
import { formatCount, formatDuration, formatValue } from '../widgets/format.ts';
import styles from './Notice.module.css';

/** Progress of a run that trains in another tab. */
export function OtherTab(): ReactElement | null {
  const other = useTabs((state) => state.other);
  if (!other) return null;
  const { report } = other;
  return (
    <section className={styles.notice} aria-label="Another tab trains" data-testid="other-tab">
      {report ? (
        <>
          <progress max={report.totalSteps} value={report.step} aria-label="Training in another tab" />
          <p>
            Another tab trains <strong>{report.title}</strong>: step {formatCount(report.step)} of{' '}
            {formatCount(report.totalSteps)}
            {report.loss !== undefined && `, loss ${formatValue(report.loss)}`}, {formatDuration(report.etaSeconds)}{' '}
            left
            {report.verdict !== undefined && `; ${report.verdict.toLowerCase()}`}.
          </p>
        </>
      ) : (
        <p>Another tab trains.</p>
      )}
    </section>
  );
}
