import type { ReactElement } from 'react';
import type { Tab } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { NavButtons } from './NavButtons.tsx';
import styles from './PageTabs.module.css';

const TABS: readonly (readonly [Tab, string])[] = [
  ['images', 'Images'],
  ['run', 'Run'],
  ['slots', 'Slots'],
];

/** Chooses the part of the page that a narrow screen shows; wide screens show all and hide it. */
export function PageTabs(): ReactElement {
  const { view } = useApp();
  const tab = useView((state) => state.tab);
  return (
    <NavButtons
      className={styles.tabs}
      label="Parts of the page"
      entries={TABS}
      current={tab}
      prefix="tab"
      choose={(name) => view.setState({ tab: name })}
    />
  );
}
