import type { ReactElement } from 'react';
import type { MainView } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { MAIN_VIEWS } from './mainViews.tsx';
import { NavButtons } from './NavButtons.tsx';
import styles from './ViewSwitch.module.css';

const VIEWS = (Object.keys(MAIN_VIEWS) as MainView[]).map((name) => [name, MAIN_VIEWS[name].label] as const);

/** Chooses the view in the main column. */
export function ViewSwitch(): ReactElement {
  const { view } = useApp();
  const shown = useView((state) => state.mainView);
  return (
    <NavButtons
      className={styles.switch}
      label="Views"
      entries={VIEWS}
      current={shown}
      prefix="view"
      choose={(name) => view.setState({ mainView: name })}
    />
  );
}
