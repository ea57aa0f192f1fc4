import type { ReactElement } from 'react';

interface NavProps<Name extends string> {
  readonly className: string;
  readonly label: string;
  readonly entries: readonly (readonly [name: Name, label: string])[];
  readonly current: Name;
  /** In front of a name it makes the test id. */
  readonly prefix: string;
  choose(name: Name): void;
}

/** Buttons of which one is where the person is. */
export function NavButtons<Name extends string>(props: NavProps<Name>): ReactElement {
  const { className, label, entries, current, prefix, choose } = props;
  return (
    <nav className={`nav-buttons ${className}`} aria-label={label}>
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
