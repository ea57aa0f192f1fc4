import type { ReactElement } from 'react';
import type { MainView } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { MAIN_VIEWS } from './mainViews.tsx';
import { NavButtons } from './NavButtons.tsx';

const VIEWS = (Object.keys(MAIN_VIEWS) as MainView[]).map((name) => [name, MAIN_VIEWS[name].label] as const);

/** What the main column shows. */
export function ViewSwitch(): ReactElement {
  const { view } = useApp();
  const shown = useView((state) => state.mainView);
  return (
    <NavButtons
      className="view-switch"
      label="Views"
      entries={VIEWS}
      current={shown}
      prefix="view"
      choose={(name) => view.setState({ mainView: name })}
    />
  );
}
