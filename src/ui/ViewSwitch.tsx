import type { ReactElement } from 'react';
import type { MainView } from '../state/view.ts';
import { useApp, useView } from './app.ts';
import { MAIN_VIEWS } from './mainViews.tsx';

/** What the main column shows; there is nothing to choose with a single view. */
export function ViewSwitch(): ReactElement | null {
  const { view } = useApp();
  const shown = useView((state) => state.mainView);
  const views = Object.entries(MAIN_VIEWS) as [MainView, { readonly label: string }][];
  if (views.length < 2) return null;
  return (
    <nav className="view-switch" aria-label="Views">
      {views.map(([name, { label }]) => (
        <button
          key={name}
          type="button"
          aria-current={shown === name ? 'page' : undefined}
          onClick={() => view.setState({ mainView: name })}
          data-testid={`view-${name}`}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
