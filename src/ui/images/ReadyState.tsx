import type { ReactElement } from 'react';
import { datasetOf } from '../../state/session/images.ts';
import { useApp, useLive, useSession, useSettings } from '../app.ts';
import { plural } from '../widgets/format.ts';
import { ThumbSheet } from '../watched/ThumbSheet.tsx';
import { WatchedGrid } from '../watched/WatchedGrid.tsx';
import { useStart } from '../settings/StartBar.tsx';
import { CostLine } from '../settings/CostLine.tsx';
import { Icon } from '../widgets/icons.tsx';
import styles from './ReadyState.module.css';

/** The page with images, read or being read, before the first run. */
export function ReadyState(): ReactElement {
  const { view } = useApp();
  const { readiness, start } = useStart();
  const images = useSession((state) => state.images);
  const watched = useSettings(({ config }) => config.watchedImages);
  const dataset = datasetOf(images);
  const previewing = useSession((state) => state.jobs.some(({ kind }) => kind === 'overlays'));
  const previewed = useLive(({ snapshots }) => snapshots.length > 0);
  const reading = images.status === 'reading' || images.status === 'listing';
  return (
    <div className={styles.ready} data-testid="ready-state">
      <div className={styles.text}>
        <h2>{dataset ? `${plural(dataset.usable, 'image')} from “${dataset.name}”` : 'Listing the folder…'}</h2>
        <p className="muted">
          {reading && 'Still reading; you can start as soon as one batch is there.'}
          {!reading && readiness.ready && 'Ready when you are.'}
          {!reading && !readiness.ready && 'Not quite ready yet.'}
        </p>
        <CostLine />
        <button type="button" className={`primary ${styles.start}`} disabled={!readiness.ready} onClick={start}>
          <Icon name="play" /> Start training
        </button>
        <button type="button" onClick={() => view.setState({ mainView: 'explore' })} data-testid="offer-explore">
          Explore first…
        </button>
        <p className="muted">
          {readiness.ready ? 'Space pauses, D downloads a checkpoint at any time.' : readiness.why}
        </p>
      </div>
      {(previewing || previewed) && (
        <p className="muted">
          {previewing
            ? 'Drawing the slots of the loaded checkpoint on these images…'
            : 'Segmentation by the loaded checkpoint:'}
        </p>
      )}
      {previewed ? <WatchedGrid /> : <ThumbSheet images={dataset?.images.slice(0, watched) ?? []} count={watched} />}
    </div>
  );
}
