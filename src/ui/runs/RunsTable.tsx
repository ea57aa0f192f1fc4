import { memo, useEffect, useRef, useState, type ReactElement } from 'react';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import { paintPicture } from '../../domain/segmentPaint.ts';
import { useApp } from '../app.ts';
import { drawPixels } from '../widgets/drawOverlay.ts';
import { formatCount, formatValue } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { runColor } from './runColor.ts';

const FOLDED = 50;

const STATES: Readonly<Record<SavedRun['state'], string>> = {
  going: 'cut off',
  paused: 'paused',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  lost: 'lost',
};

interface TableProps {
  readonly runs: readonly SavedRun[];
  /** Ids of those that are compared, in the order of their colors. */
  readonly compared: readonly string[];
}

export function RunsTable({ runs, compared }: TableProps): ReactElement {
  const { runHistory } = useApp();
  const [all, setAll] = useState(false);
  const shown = all ? runs : runs.slice(0, FOLDED);
  return (
    <>
      <div className="table-scroll tall" tabIndex={0} role="region" aria-label="Runs">
        <table data-testid="runs-table">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">began</th>
              <th scope="col">state</th>
              <th scope="col">step</th>
              <th scope="col">loss</th>
              <th scope="col">mIoU, %</th>
              <th scope="col">checkpoint</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <RunRow
                key={run.id}
                run={run}
                order={compared.indexOf(run.id)}
                isCurrent={run.id === runHistory.currentId()}
              />
            ))}
          </tbody>
        </table>
      </div>
      {runs.length > FOLDED && (
        <button type="button" className="link" onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${runs.length}`}
        </button>
      )}
    </>
  );
}

interface RowProps {
  readonly run: SavedRun;
  /** −1 where it isn't compared. */
  readonly order: number;
  readonly isCurrent: boolean;
}

const RunRow = memo(function RunRow({ run, order, isCurrent }: RowProps): ReactElement {
  const { view } = useApp();
  const { id, title, startedAt, state, step, totalSteps, latest, scores } = run;
  const tick = (): void =>
    view.setState(({ comparedRuns }) => ({
      comparedRuns: order < 0 ? [...comparedRuns, id] : comparedRuns.filter((one) => one !== id),
    }));
  return (
    <tr data-testid="run-row">
      <th scope="row">
        <span className="run-name">
          <input type="checkbox" checked={order >= 0} onChange={tick} aria-label={`Compare ${title}`} />
          <span className="swatch" style={order < 0 ? {} : { background: runColor(order) }} />
          <RunPicture run={run} />
          <TitleField run={run} />
        </span>
      </th>
      <td>{new Date(startedAt).toLocaleString([], { dateStyle: 'short', timeStyle: 'short' })}</td>
      <td>{isCurrent && state === 'going' ? 'training' : STATES[state]}</td>
      <td>
        {formatCount(step)} / {formatCount(totalSteps)}
      </td>
      <td title={String(latest.loss ?? '')}>{latest.loss === undefined ? '–' : formatValue(latest.loss)}</td>
      <td title={String(scores?.miou ?? '')}>{scores ? (100 * scores.miou).toFixed(1) : '–'}</td>
      <td>
        <RunActions run={run} isGoing={isCurrent && (state === 'going' || state === 'paused')} />
      </td>
    </tr>
  );
});

/** Renamed where it stands. */
function TitleField({ run: { id, title } }: { readonly run: SavedRun }): ReactElement {
  const { runHistory } = useApp();
  const [draft, setDraft] = useState<string>();
  const commit = (): void => {
    if (draft !== undefined) runHistory.rename(id, draft);
    setDraft(undefined);
  };
  return (
    <input
      type="text"
      className="run-title-field"
      value={draft ?? title}
      aria-label="Title of the run"
      title={title}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onBlur={commit}
      onKeyDown={({ key }) => {
        if (key === 'Enter') commit();
        if (key === 'Escape') setDraft(undefined);
      }}
    />
  );
}

/** What the run saw, as small as can be. */
function RunPicture({ run: { pictures } }: { readonly run: SavedRun }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [picture] = pictures;
  useEffect(() => {
    if (!canvas.current || !picture) return;
    drawPixels(canvas.current, picture.size, picture.size, (out) => paintPicture(picture.rgb, out));
  }, [picture]);
  return <canvas ref={canvas} className="run-picture" aria-hidden="true" />;
}

interface ActionProps {
  readonly run: SavedRun;
  readonly isGoing: boolean;
}

function RunActions({ run, isGoing }: ActionProps): ReactElement {
  const { runHistory, view } = useApp();
  const { id, title, checkpointStep } = run;
  const none = checkpointStep === undefined;
  const at = none ? 'No checkpoint of it is kept' : `step ${checkpointStep}`;
  const load = (): void => {
    view.setState({ tab: 'images' });
    void runHistory.loadCheckpoint(id);
  };
  return (
    <span className="run-actions">
      {none ? '–' : formatCount(checkpointStep)}
      <button
        type="button"
        className="icon-button"
        disabled={none || isGoing}
        title={none ? at : `Start the next run from ${at}`}
        aria-label={`Start from ${title}`}
        onClick={load}
      >
        <Icon name="play" />
      </button>
      <button
        type="button"
        className="icon-button"
        disabled={none}
        title={none ? at : `Download the checkpoint of ${at}`}
        aria-label={`Download the checkpoint of ${title}`}
        onClick={() => void runHistory.saveCheckpoint(id)}
      >
        <Icon name="download" />
      </button>
      <button
        type="button"
        className="icon-button"
        disabled={isGoing}
        title={isGoing ? 'It is in progress' : 'Delete'}
        aria-label={`Delete ${title}`}
        onClick={() => runHistory.remove(id)}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}
