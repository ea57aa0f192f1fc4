import type { ReactElement } from 'react';
import styles from './NavButtons.module.css';

interface NavProps<Name extends string> {
  readonly className: string | undefined;
  readonly label: string;
  readonly entries: readonly (readonly [name: Name, label: string])[];
  readonly current: Name;
  /** Precedes the name in test ids. */
  readonly prefix: string;
  choose(name: Name): void;
}

/** Navigation between parts of the page. */
export function NavButtons<Name extends string>(props: NavProps<Name>): ReactElement {
  const { className, label, entries, current, prefix, choose } = props;
  return (
    <nav className={`${styles.nav} ${className}`} aria-label={label}>
      {entries.map(([name, text]) => (
        <button
          key={name}
          type="button"
          aria-current={current === name ? 'page' : undefined}
          onClick={() => choose(name)}
          data-testid={`${prefix}-${name}`}
        >
          {text}
        </button>
      ))}
    </nav>
  );
}
