import type { ReactElement, ReactNode } from 'react';
import styles from './TableScroll.module.css';

interface TableScrollProps {
  readonly label: string;
  /** Limits the height. */
  readonly tall?: boolean;
  readonly children: ReactNode;
}

/** Scrolls a table that is larger than its place. Focusable, so that the keyboard scrolls it too. */
export function TableScroll({ label, tall = false, children }: TableScrollProps): ReactElement {
  return (
    <div className={`${styles.scroll} ${tall ? styles.tall : ''}`} tabIndex={0} role="region" aria-label={label}>
      {children}
    </div>
  );
}
