import type { ReactElement } from 'react';
import { prototypeCss } from '../widgets/colors.ts';
import type { ShownClasses } from '../slots/useClasses.ts';
import styles from './SlotName.module.css';

/** The color and the name of a slot. */
export function SlotName({
  prototype,
  classes: { count, leaders, labelOf },
}: {
  readonly prototype: number;
  readonly classes: ShownClasses;
}): ReactElement {
  return (
    <span className={styles.name}>
      <span className="swatch" style={{ background: prototypeCss(leaders[prototype] ?? prototype, count) }} />
      {labelOf(prototype)}
    </span>
  );
}
