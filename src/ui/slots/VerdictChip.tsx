import { useState, type ReactElement } from 'react';
import { useLive } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './VerdictChip.module.css';

/** Interpretation of the training signals, with its reason on demand. */
export function VerdictChip(): ReactElement {
  // Title and level change rarely; the detail carries numbers and is only read while it is open.
  const level = useLive(({ verdict }) => verdict?.level);
  const title = useLive(({ verdict }) => verdict?.title);
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.verdict} data-testid="verdict" data-level={level}>
      <div className={styles.line}>
        {(level === 'warning' || level === 'alarm') && <Icon name="warning" />}
        <span className={styles.title}>{title ?? 'No signals yet'}</span>
        {title !== undefined && (
          <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            why?
          </button>
        )}
      </div>
      {open && <VerdictDetail />}
    </div>
  );
}

function VerdictDetail(): ReactElement {
  const detail = useLive(({ verdict }) => verdict?.detail);
  return (
    <p className={styles.detail} data-testid="verdict-detail">
      {detail}
    </p>
  );
}
