import type { ReactElement } from 'react';
import { prototypeCss } from '../widgets/colors.ts';
import type { ShownClasses } from '../slots/useClasses.ts';

/** A prototype in its color, by the name that the person gave it. */
export function SlotName({
  prototype,
  classes: { count, leaders, labelOf },
}: {
  readonly prototype: number;
  readonly classes: ShownClasses;
}): ReactElement {
  return (
    <span className="slot-name">
      <span className="swatch" style={{ background: prototypeCss(leaders[prototype] ?? prototype, count) }} />
      {labelOf(prototype)}
    </span>
  );
}
