import type { ReactElement, ReactNode } from 'react';
import type { SessionState } from '../../state/session/session.ts';
import { datasetOf } from '../../state/session/images.ts';
import { isActive } from '../../state/session/run.ts';
import { useApp, useLive, useSession } from '../app.ts';
import { plural } from '../widgets/format.ts';
import styles from './GalleryHead.module.css';

/** Makes the gallery; shows its age, its progress, or why it can't be made yet. */
export function GalleryHead({ children }: { readonly children: ReactNode }): ReactElement {
  const { session } = useApp();
  const hasGallery = useSession((state) => state.gallery !== undefined);
  const job = useSession(({ jobs }) => jobs.find(({ kind }) => kind === 'gallery'));
  const count = useSession(({ images }) => datasetOf(images)?.usable ?? 0);
  const trains = useSession(({ run }) => isActive(run));
  const missing = useSession(missingForGallery);
  return (
    <div className={styles.head}>
      <div className="panel-head">
        <h2>Prototypes</h2>
        {children}
        <button
          type="button"
          className={hasGallery ? undefined : 'primary'}
          onClick={() => {
            if (job) session.cancelJobs('gallery');
            else void session.makeGallery();
          }}
          disabled={!job && missing !== undefined}
          data-testid="make-gallery"
        >
          {job ? 'Cancel' : hasGallery ? 'Update' : `Segment ${plural(count, 'image')}`}
        </button>
      </div>
      {job ? (
        <>
          <progress max={1} value={job.fraction} aria-label="Segmenting the images" />
          <p className="muted">
            {job.phase}…{trains && ' Training waits meanwhile.'}
          </p>
        </>
      ) : hasGallery ? (
        <Age />
      ) : (
        <p className="muted">
          For every prototype: the fraction of the dataset it holds, and the images that show it best.{' '}
          {missing ?? (trains ? 'Training waits meanwhile.' : '')}
        </p>
      )}
    </div>
  );
}

function missingForGallery({ run, images, resume }: SessionState): string | undefined {
  if (images.status !== 'ready') return 'Read some images first.';
  if (run.status === 'preparing') return 'The run is being prepared: wait for its first step.';
  return run.status === 'idle' && resume.status !== 'loaded' ? 'Start a run or load a checkpoint first.' : undefined;
}

function Age(): ReactElement | null {
  const gallery = useSession((state) => state.gallery);
  const step = useLive(({ record }) => record?.step);
  if (!gallery) return null;
  const age = step !== undefined && step > gallery.step ? `; the model is at step ${step} now` : '';
  return (
    <p className="muted" data-testid="gallery-age">
      {plural(gallery.imageCount, 'image')} segmented at step {gallery.step}
      {age}. Choose a segment for more like it.
    </p>
  );
}
