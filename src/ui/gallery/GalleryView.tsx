import { useMemo, useState, type ReactElement } from 'react';
import { IN_USE_SHARE } from '../../domain/thresholds.ts';
import type { GallerySegment, PrototypeCard } from '../../domain/reports.ts';
import { datasetOf, isActive } from '../../state/session/state.ts';
import { useApp, useLive, useSession } from '../app.ts';
import { plural } from '../widgets/format.ts';
import { GalleryGrid } from './GalleryGrid.tsx';
import { SimilarDialog } from './SimilarDialog.tsx';

type Order = 'usage' | 'number';

/** What each prototype means over the whole folder. */
export function GalleryView(): ReactElement {
  const gallery = useSession((state) => state.gallery);
  const [order, setOrder] = useState<Order>('usage');
  const [hidesUnused, setHidesUnused] = useState(true);
  const [asked, setAsked] = useState<GallerySegment>();
  const cards = useMemo(
    () => arrange(gallery?.cards ?? [], order, hidesUnused ? IN_USE_SHARE : 0),
    [gallery, order, hidesUnused],
  );
  return (
    <div className="gallery" data-testid="gallery">
      <GalleryHead>
        {gallery && (
          <>
            <label className="inline-control">
              Order
              <select value={order} onChange={({ currentTarget }) => setOrder(currentTarget.value as Order)}>
                <option value="usage">by usage</option>
                <option value="number">by number</option>
              </select>
            </label>
            <label className="inline-control">
              <input
                type="checkbox"
                checked={hidesUnused}
                onChange={({ currentTarget }) => setHidesUnused(currentTarget.checked)}
              />
              Hide unused
            </label>
          </>
        )}
      </GalleryHead>
      {gallery && <GalleryGrid cards={cards} grid={gallery} onAsk={setAsked} />}
      {asked && gallery && <SimilarDialog segment={asked} grid={gallery} onClose={() => setAsked(undefined)} />}
    </div>
  );
}

function arrange(cards: readonly PrototypeCard[], order: Order, least: number): readonly PrototypeCard[] {
  const shown = cards.filter(({ usage }) => usage >= least);
  return order === 'number' ? shown : shown.toSorted((a, b) => b.usage - a.usage || a.prototype - b.prototype);
}

/** What is there, how old it is, and the way to a new one; or why there is none yet. */
function GalleryHead({ children }: { readonly children: React.ReactNode }): ReactElement {
  const { session } = useApp();
  const gallery = useSession((state) => state.gallery);
  const job = useSession(({ jobs }) => jobs.find(({ kind }) => kind === 'gallery'));
  const count = useSession(({ images }) => datasetOf(images)?.usable ?? 0);
  const trains = useSession(({ run }) => isActive(run));
  const missing = useSession(({ run, images, resume }) => {
    if (images.status !== 'ready') return 'Read some images first.';
    if (run.status === 'preparing') return 'The run is being prepared: wait for its first step.';
    return run.status === 'idle' && resume.status !== 'loaded' ? 'Start a run or load a checkpoint first.' : undefined;
  });
  const step = useLive(({ record }) => record?.step);
  const age = gallery && step !== undefined && step > gallery.step ? `; the model is at step ${step} now` : '';
  return (
    <div className="gallery-head">
      <div className="panel-head">
        <h2>Prototypes</h2>
        {children}
        <button
          type="button"
          className={gallery ? undefined : 'primary'}
          onClick={() => (job ? session.cancelJobs('gallery') : void session.makeGallery())}
          disabled={!job && missing !== undefined}
          data-testid="make-gallery"
        >
          {job ? 'Cancel' : gallery ? 'Look again' : `Look through ${plural(count, 'image')}`}
        </button>
      </div>
      {job ? (
        <>
          <progress max={1} value={job.fraction} aria-label="Looking through the images" />
          <p className="muted">
            {job.doing}…{trains && ' Training waits meanwhile.'}
          </p>
        </>
      ) : gallery ? (
        <p className="muted" data-testid="gallery-age">
          {plural(gallery.imageCount, 'image')} seen at step {gallery.step}
          {age}. Choose a segment for more like it.
        </p>
      ) : (
        <p className="muted">
          For every prototype: how much of the folder it holds, and the images that show it best.{' '}
          {missing ?? (trains ? 'Training waits meanwhile.' : '')}
        </p>
      )}
    </div>
  );
}
