import { useState, type ReactElement } from 'react';
import type { SkippedFile, SkipReason } from '../../domain/images.ts';
import { formatCount } from '../widgets/format.ts';
import styles from './SkippedList.module.css';

const REASONS: Readonly<Record<SkipReason, string>> = {
  'not-an-image': 'Not an image',
  unsupported: 'Format not supported here',
  empty: 'Empty',
  truncated: 'Cut short',
  corrupt: 'Damaged',
  'too-large': 'Too large',
  unreadable: 'Not readable',
};

const PAGE = 100;

/** Skipped files, each with its reason. */
export function SkippedList({ skipped }: { readonly skipped: readonly SkippedFile[] }): ReactElement | null {
  const [shown, setShown] = useState(PAGE);
  if (skipped.length === 0) return null;
  return (
    <details className={styles.skipped} data-testid="skipped">
      <summary>Skipped ({formatCount(skipped.length)})</summary>
      <ul>
        {skipped.slice(0, shown).map((file, index) => (
          <li key={index} className={styles.file} data-testid="skipped-file" data-reason={file.reason}>
            <span className={styles.path} title={file.path}>
              {file.path}
            </span>
            <span className="tag">{REASONS[file.reason]}</span>
            <span className={styles.detail}>{file.detail}</span>
          </li>
        ))}
      </ul>
      {skipped.length > shown && (
        <button type="button" className="link" onClick={() => setShown(shown + 10 * PAGE)}>
          Show more ({formatCount(skipped.length - shown)} left)
        </button>
      )}
    </details>
  );
}
