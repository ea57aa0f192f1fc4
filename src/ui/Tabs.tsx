import type { ReactElement } from 'react';
import type { Tab } from '../state/view.ts';
import { useApp, useView } from './app.ts';

const TABS: readonly (readonly [Tab, string])[] = [
  ['images', 'Images'],
  ['run', 'Run'],
  ['slots', 'Slots'],
];

/** Which part of the page a narrow screen shows; wide screens show all and hide this. */
export function Tabs(): ReactElement {
  const { view } = useApp();
  const tab = useView((state) => state.tab);
  return (
    <nav className="tabs" aria-label="Parts of the page">
      {TABS.map(([name, label]) => (
        <button
          key={name}
          type="button"
          aria-current={tab === name ? 'page' : undefined}
          onClick={() => view.setState({ tab: name })}
          data-testid={`tab-${name}`}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
