import type { ReactElement } from 'react';
import { MAIN_VIEWS } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { NavButtons } from './NavButtons.tsx';
import { VIEW_CONTENTS } from './viewContents.tsx';
import styles from './ViewSwitch.module.css';

const VIEWS = MAIN_VIEWS.map((name) => [name, VIEW_CONTENTS[name].label] as const);

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
