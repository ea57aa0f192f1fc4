import type { ReactElement } from 'react';
import type { Tab } from '../../state/view/view.ts';
import { useApp, useView } from '../app.ts';
import { NavButtons } from './NavButtons.tsx';

const TABS: readonly (readonly [Tab, string])[] = [
  ['images', 'Images'],
  ['run', 'Run'],
  ['slots', 'Slots'],
];

/** Which part of the page a narrow screen shows; wide screens show all and hide this. */
export function PageTabs(): ReactElement {
  const { view } = useApp();
  const tab = useView((state) => state.tab);
  return (
    <NavButtons
      className="tabs"
      label="Parts of the page"
      entries={TABS}
      current={tab}
      prefix="tab"
      choose={(name) => view.setState({ tab: name })}
    />
  );
}
