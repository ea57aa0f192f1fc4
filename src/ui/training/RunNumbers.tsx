import type { ReactElement } from 'react';
import { runOf, type RunState } from '../../state/session/run.ts';
import { useLive } from '../app.ts';
import { formatCount, formatDuration, formatPercent, formatRate, formatValue } from '../widgets/format.ts';
import styles from './RunNumbers.module.css';

/** Step, loss, speed and time of the run. */
export function RunNumbers({ run }: { readonly run: RunState }): ReactElement {
  const record = useLive((state) => state.record);
  const { stepMs, imagesPerSecond, etaSeconds, dataWaitShare } = useLive((state) => state.timing);
  const shown = runOf(run);
  const step = record?.step ?? shown?.startStep ?? 0;
  return (
    <dl className={styles.numbers}>
      <div>
        <dt>step</dt>
        <dd data-testid="step">
          {formatCount(step)}
          <span className={styles.total}> / {formatCount(shown?.totalSteps ?? 0)}</span>
        </dd>
      </div>
      <div>
        <dt>loss</dt>
        <dd data-testid="loss" title={record && String(record.loss)}>
          {record ? formatValue(record.loss) : '–'}
        </dd>
      </div>
      <div>
        <dt>images/s</dt>
        <dd title={`${stepMs.toFixed(1)} ms per step`}>{record ? formatRate(imagesPerSecond) : '–'}</dd>
      </div>
      {run.status !== 'ended' && (
        <div title="Fraction of a step that the device waits for images">
          <dt>data wait</dt>
          <dd>{record ? formatPercent(dataWaitShare) : '–'}</dd>
        </div>
      )}
      <div className={run.status === 'ended' ? undefined : styles.wide}>
        <dt>{timeLabel(run)}</dt>
        <dd data-testid="eta">{timeText(run, record ? etaSeconds : undefined)}</dd>
      </div>
    </dl>
  );
}

const ENDED = { finished: 'finished in', stopped: 'stopped after', failed: 'failed after', lost: 'lost' } as const;

function timeLabel(run: RunState): string {
  if (run.status === 'ended') return ENDED[run.reason];
  return run.status === 'paused' ? 'paused' : 'time left';
}

function timeText(run: RunState, etaSeconds: number | undefined): string {
  if (run.status === 'ended') return run.reason === 'lost' ? 'engine lost' : formatDuration(run.elapsedSeconds);
  return etaSeconds === undefined ? '–' : formatDuration(etaSeconds);
}
