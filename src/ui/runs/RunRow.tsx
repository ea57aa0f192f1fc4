import { memo, useEffect, useRef, useState, type ReactElement } from 'react';
import { paintImage } from '../../domain/imagePaint.ts';
import type { SavedRun } from '../../state/runs/savedRun.ts';
import { useApp } from '../app.ts';
import { drawPixels } from '../widgets/drawOverlay.ts';
import { formatCount, formatValue } from '../widgets/format.ts';
import { RunRowActions } from './RunRowActions.tsx';
import { runColor } from './runColor.ts';
import styles from './RunRow.module.css';

const STATES: Readonly<Record<SavedRun['state'], string>> = {
  going: 'interrupted',
  paused: 'paused',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  lost: 'lost',
};

interface RowProps {
  readonly run: SavedRun;
  /** Position among the compared runs; −1 where it isn't compared. */
  readonly order: number;
  readonly isCurrent: boolean;
}

export const RunRow = memo(function RunRow({ run, order, isCurrent }: RowProps): ReactElement {
  const { view } = useApp();
  const { id, title, startedAt, state, step, totalSteps, latest, scores } = run;
  const tick = (): void =>
    view.setState(({ comparedRuns }) => ({
      comparedRuns: order < 0 ? [...comparedRuns, id] : comparedRuns.filter((one) => one !== id),
    }));
  return (
    <tr data-testid="run-row">
      <th scope="row">
        <span className={styles.name}>
          <input type="checkbox" checked={order >= 0} onChange={tick} aria-label={`Compare ${title}`} />
          <span className="swatch" style={order < 0 ? {} : { background: runColor(order) }} />
          <RunImage run={run} />
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
      <td className={styles.last}>
        <RunRowActions run={run} isActive={isCurrent && (state === 'going' || state === 'paused')} />
      </td>
    </tr>
  );
});

/** Renames a run in place. */
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

/** The first image of the run, as a thumbnail. */
function RunImage({ run: { pictures } }: { readonly run: SavedRun }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = pictures.at(0);
  useEffect(() => {
    if (!canvas.current || !image) return;
    drawPixels(canvas.current, image.size, image.size, (out) => paintImage(image.rgb, out));
  }, [image]);
  return <canvas ref={canvas} className={styles.image} aria-hidden="true" />;
}
