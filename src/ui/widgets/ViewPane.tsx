import type { ReactElement, ReactNode } from 'react';
import styles from './ViewPane.module.css';

interface PaneProps {
  readonly testId: string;
  readonly children: ReactNode;
}

/** A view of the main column: its head stays, its body scrolls. */
export function ViewPane({ testId, children }: PaneProps): ReactElement {
  return (
    <div className={styles.pane} data-testid={testId}>
      {children}
    </div>
  );
}

interface BodyProps {
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function ViewBody({ className = '', children }: BodyProps): ReactElement {
  return <div className={`${styles.body} ${className}`}>{children}</div>;
}
