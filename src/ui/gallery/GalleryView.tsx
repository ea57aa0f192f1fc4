import { useMemo, useState, type ReactElement } from 'react';
import type { GallerySegment, PrototypeCard } from '../../domain/reports.ts';
import { IN_USE_FRACTION } from '../../domain/thresholds.ts';
import { useSession } from '../app.ts';
import { ViewPane } from '../widgets/ViewPane.tsx';
import { GalleryGrid } from './GalleryGrid.tsx';
import { GalleryHead } from './GalleryHead.tsx';
import { SimilarDialog } from './SimilarDialog.tsx';

type Order = 'usage' | 'number';

/** Every prototype with its nearest segments over the whole dataset. */
export function GalleryView(): ReactElement {
  const gallery = useSession((state) => state.gallery);
  const [order, setOrder] = useState<Order>('usage');
  const [hidesUnused, setHidesUnused] = useState(true);
  const [asked, setAsked] = useState<GallerySegment>();
  const cards = useMemo(
    () => arrange(gallery?.cards ?? [], order, hidesUnused ? IN_USE_FRACTION : 0),
    [gallery, order, hidesUnused],
  );
  return (
    <ViewPane testId="gallery">
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
      {gallery && <GalleryGrid cards={cards} onAsk={setAsked} />}
      {asked && gallery && <SimilarDialog segment={asked} onClose={() => setAsked(undefined)} />}
    </ViewPane>
  );
}

function arrange(cards: readonly PrototypeCard[], order: Order, minUsage: number): readonly PrototypeCard[] {
  const shown = cards.filter(({ usage }) => usage >= minUsage);
  return order === 'number' ? shown : shown.toSorted((a, b) => b.usage - a.usage || a.prototype - b.prototype);
}
