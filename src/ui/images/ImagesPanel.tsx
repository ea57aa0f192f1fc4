import type { ReactElement } from 'react';
import type { ImagesState } from '../../state/session/images.ts';
import { isActive } from '../../state/session/run.ts';
import { MAX_THUMBNAILS } from '../../worker/contracts.ts';
import { useApp, useSession } from '../app.ts';
import styles from './ImagesPanel.module.css';
import { LastFolderButton } from './LastFolderButton.tsx';
import { formatCount, plural } from '../widgets/format.ts';
import { NoteList } from '../widgets/NoteList.tsx';
import { SkippedList } from './SkippedList.tsx';
import { ThumbGrid } from './ThumbGrid.tsx';

/** The dataset: its images, skipped files, and the progress of reading. */
export function ImagesPanel(): ReactElement {
  const { images: access, session } = useApp();
  const images = useSession((state) => state.images);
  const active = useSession((state) => isActive(state.run));
  return (
    <section aria-labelledby="images-heading">
      <div className="panel-head">
        <h2 id="images-heading">Images</h2>
        <button type="button" className="small" onClick={access.chooseFolder} disabled={active}>
          Choose folder
        </button>
        <button
          type="button"
          className="small"
          onClick={session.readSamples}
          disabled={active}
          title="Try sample scenes"
        >
          Samples
        </button>
      </div>
      <Summary images={images} />
    </section>
  );
}

function Summary({ images }: { readonly images: ImagesState }): ReactElement {
  const { session } = useApp();
  switch (images.status) {
    case 'empty':
      return (
        <>
          <p className="muted">None yet. Drop a folder anywhere on this page.</p>
          <LastFolderButton />
        </>
      );
    case 'listing':
      return <p className="muted">Listing the folder…</p>;
    case 'reading':
    case 'ready': {
      const { dataset } = images;
      return (
        <>
          <p className={styles.folder}>
            <strong title={dataset.name}>{dataset.name}</strong>
            <span data-testid="image-count">{plural(dataset.usable, 'image')}</span>
          </p>
          <div className={styles.reading}>
            {images.status === 'reading' ? (
              <>
                <progress
                  max={Math.max(1, images.total)}
                  value={images.done}
                  aria-label="Reading images"
                  data-testid="reading-progress"
                />
                <span className="muted">
                  {formatCount(images.done)} of {formatCount(images.total)}
                  {images.isListing && ' found so far'}
                </span>
                <button type="button" className="small" onClick={session.cancelReading}>
                  Cancel
                </button>
              </>
            ) : (
              <span className="muted">{readyLine(images)}</span>
            )}
          </div>
          <NoteList testId="image-notes" notes={dataset.notes} />
          <ThumbGrid key={dataset.datasetId} images={dataset.images} total={dataset.usable} />
          <SkippedList skipped={dataset.skipped} />
        </>
      );
    }
  }
}

function readyLine({ dataset, canceled }: Extract<ImagesState, { status: 'ready' }>): string {
  if (canceled) return 'Reading was canceled; these are usable.';
  if (dataset.usable === 0) return 'No usable images in here.';
  return dataset.usable > MAX_THUMBNAILS ? `All read, ${formatCount(MAX_THUMBNAILS)} of them shown.` : 'All read.';
}
