import type { ReactElement } from 'react';
import type { ImageSummary } from '../../state/session/state.ts';
import { Thumb } from './ThumbGrid.tsx';

/** The first images, large, in the places where they will be watched. */
export function ThumbSheet({
  pictures,
  count,
}: {
  readonly pictures: readonly ImageSummary[];
  readonly count: number;
}): ReactElement {
  return (
    <div className="sheet" aria-hidden="true">
      {Array.from({ length: count }, (_, index) => {
        const picture = pictures[index];
        return (
          <div key={index} className="tile-frame">
            {picture && <Thumb picture={picture} />}
          </div>
        );
      })}
    </div>
  );
}
