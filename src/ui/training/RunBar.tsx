import type { ReactElement } from 'react';
import { runOf, type RunState } from '../../state/session/state.ts';
import { useApp, useLive, useSession } from '../app.ts';
import { DownloadMenu } from './DownloadMenu.tsx';
import { formatCount, formatDuration, formatPercent, formatRate, formatValue } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';

/** Where the run stands and what can be done with it. */
export function RunBar(): ReactElement {
  const run = useSession((state) => state.run);
  const doing = useDoing(run);
  return (
    <section className="run-bar" aria-label="Run" data-testid="run-bar" data-status={run.status}>
      <Progress run={run} waiting={run.status === 'training' && !run.recovering && doing !== undefined} />
      <div className="run-line">
        {doing === undefined ? <Numbers run={run} /> : <span className="run-doing">{doing}</span>}
        <div className="run-buttons">
          <Buttons run={run} />
        </div>
      </div>
      <Notes run={run} />
    </section>
  );
}

/** What is going on before there are numbers to show. */
function useDoing(run: RunState): string | undefined {
  const hasRecord = useLive(({ record }) => record !== undefined);
  if (run.status === 'preparing') return `${run.asked ? 'Stopping as soon as this is done: ' : ''}${run.doing}`;
  if (run.status === 'training' && run.recovering) return `${run.recovering.doing}…`;
  if (run.status === 'training' && !hasRecord) return 'Compiling kernels: the first step takes longest…';
  return undefined;
}

interface ProgressProps {
  readonly run: RunState;
  /** Nobody knows how long it takes. */
  readonly waiting: boolean;
}

function Progress({ run, waiting }: ProgressProps): ReactElement {
  const liveStep = useLive(({ record }) => record?.step);
  const shown = runOf(run);
  const step = liveStep ?? shown?.startStep ?? 0;
  const recovering = run.status === 'training' ? run.recovering : undefined;
  const share =
    run.status === 'preparing'
      ? run.fraction
      : recovering
        ? recovering.fraction
        : step / Math.max(1, shown?.totalSteps ?? 1);
  return (
    <progress
      className="run-progress"
      max={1}
      value={waiting ? undefined : Math.min(1, share)}
      aria-label={run.status === 'preparing' ? 'Preparing' : 'Training'}
      data-testid="run-progress"
    />
  );
}

function Numbers({ run }: { readonly run: RunState }): ReactElement {
  const record = useLive((state) => state.record);
  const { stepMs, imagesPerSecond, etaSeconds, dataWaitShare } = useLive((state) => state.timing);
  const shown = runOf(run);
  const step = record?.step ?? shown?.startStep ?? 0;
  return (
    <dl className="numbers">
      <div>
        <dt>step</dt>
        <dd data-testid="step">
          {formatCount(step)}
          <span className="muted"> / {formatCount(shown?.totalSteps ?? 0)}</span>
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
        <dd title={`${stepMs.toFixed(1)} ms a step`}>{record ? formatRate(imagesPerSecond) : '–'}</dd>
      </div>
      <div title="Share of a step that the device waits for images">
        <dt>data wait</dt>
        <dd data-testid="data-wait">{record ? formatPercent(dataWaitShare) : '–'}</dd>
      </div>
      <div className="numbers-wide">
        <dt>{run.status === 'ended' ? ENDED[run.reason] : run.status === 'paused' ? 'paused' : 'time left'}</dt>
        <dd data-testid="eta">{timeText(run, record ? etaSeconds : undefined)}</dd>
      </div>
    </dl>
  );
}

const ENDED = { finished: 'finished in', stopped: 'stopped after', failed: 'failed after', lost: 'lost' } as const;

function timeText(run: RunState, etaSeconds: number | undefined): string {
  if (run.status === 'ended') return run.reason === 'lost' ? 'engine gone' : formatDuration(run.elapsedSeconds);
  return etaSeconds === undefined ? '–' : formatDuration(etaSeconds);
}

function Buttons({ run }: { readonly run: RunState }): ReactElement {
  const { session, images } = useApp();
  return (
    <>
      {run.status === 'training' && (
        <button type="button" onClick={session.pause} disabled={run.asked !== undefined} aria-keyshortcuts="Space">
          <Icon name="pause" /> {run.asked === 'pause' ? 'Pausing…' : 'Pause'}
        </button>
      )}
      {run.status === 'paused' && (
        <button
          type="button"
          className="primary"
          onClick={session.continueRun}
          disabled={run.asked !== undefined}
          aria-keyshortcuts="Space"
        >
          <Icon name="play" /> Continue
        </button>
      )}
      {run.status === 'ended' && <AfterTheEnd run={run} />}
      {(run.status === 'training' || run.status === 'paused' || run.status === 'preparing') && (
        <button type="button" onClick={session.stop} disabled={run.asked === 'stop'}>
          <Icon name="stop" /> {run.asked === 'stop' ? 'Stopping…' : 'Stop'}
        </button>
      )}
      <DownloadMenu run={run} />
      <button
        type="button"
        className="compact load"
        onClick={images.chooseCheckpoint}
        title="Load a checkpoint to continue from, or an encoder to start from"
        aria-label="Load checkpoint"
      >
        <Icon name="upload" /> <span>Load</span>
      </button>
    </>
  );
}

/** A finished run can be made longer; one that was stopped just goes on. */
function AfterTheEnd({ run }: { readonly run: Extract<RunState, { status: 'ended' }> }): ReactElement | null {
  const { session, settings } = useApp();
  if (run.reason === 'lost') return null;
  if (run.reason === 'failed') {
    return (
      <button
        type="button"
        className="primary"
        onClick={session.stageFromHere}
        title="Loads the last good state; change the settings, then start from it"
        data-testid="take-up"
      >
        <Icon name="play" /> Take up last good state
      </button>
    );
  }
  if (run.reason === 'stopped') {
    return (
      <button type="button" className="primary" onClick={session.continueFromHere} data-testid="continue-from-here">
        <Icon name="play" /> Continue from here
      </button>
    );
  }
  const longer = (): void => {
    settings.adopt({ ...run.run.config, steps: 2 * run.run.totalSteps });
    session.stageFromHere();
  };
  return (
    <button
      type="button"
      onClick={longer}
      title="Doubles the steps in the form; Start then goes on from here"
      data-testid="train-longer"
    >
      <Icon name="play" /> Train longer
    </button>
  );
}

function Notes({ run }: { readonly run: RunState }): ReactElement | null {
  const notes = [...(runOf(run)?.notes ?? []), ...nextSteps(run)];
  if (notes.length === 0) return null;
  return (
    <ul className="notes muted">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

/** What to do with a run that has ended. */
function nextSteps(run: RunState): readonly string[] {
  if (run.status !== 'ended') return [];
  switch (run.reason) {
    case 'finished':
      return ['All steps are done. Download the checkpoint, train longer, or go through the history with ← and →.'];
    case 'stopped':
      return ['Stopped; the state is kept while this page is open. Download the checkpoint or continue from here.'];
    case 'failed':
      return ['The last good state is kept. Download it, or take it up, lower the learning rate and start from it.'];
    case 'lost':
      return ['The engine is gone, the curves and overlays are still here. Start from its last checkpoint to go on.'];
  }
}
