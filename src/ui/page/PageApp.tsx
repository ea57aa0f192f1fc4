import type { ReactElement } from 'react';
import { Announcer } from './Announcer.tsx';
import { useView } from '../app.ts';
import { Header } from './Header.tsx';
import { HelpDialog } from '../dialogs/HelpDialog.tsx';
import { HiddenInputs } from '../images/HiddenInputs.tsx';
import { ImagesPanel } from '../images/ImagesPanel.tsx';
import { InterruptedRun } from './InterruptedRun.tsx';
import { MasksDialog } from '../dialogs/MasksDialog.tsx';
import { MAIN_VIEWS } from './mainViews.tsx';
import { OtherTab } from './OtherTab.tsx';
import { RunBar } from '../training/RunBar.tsx';
import { SettingsPanel } from '../settings/SettingsPanel.tsx';
import { SlotsPanel } from '../slots/SlotsPanel.tsx';
import { StartBar } from '../settings/StartBar.tsx';
import { PageTabs } from './PageTabs.tsx';
import { NoticeBanner } from './NoticeBanner.tsx';
import { useFolderDrop } from '../images/useFolderDrop.ts';
import { useKeys } from '../useKeys.ts';
import { useStage } from '../useStage.ts';
import { ViewSwitch } from './ViewSwitch.tsx';

/** The page: images and settings at the left, the run in the middle, its slots at the right. */
export function PageApp(): ReactElement {
  useKeys();
  const over = useFolderDrop();
  const tab = useView((state) => state.tab);
  const stage = useStage();
  const mainView = useView((state) => state.mainView);
  const View = MAIN_VIEWS[mainView].component;
  return (
    <div className="page" data-tab={tab} data-stage={stage} data-over={over}>
      <Header />
      <NoticeBanner />
      <PageTabs />
      <aside className="left" aria-label="Images and settings">
        <div className="left-scroll">
          <ImagesPanel />
          <SettingsPanel />
        </div>
        <StartBar />
      </aside>
      <main className="main">
        <OtherTab />
        <InterruptedRun />
        <ViewSwitch />
        <View />
        {stage === 'run' && <RunBar />}
      </main>
      <aside className="right" aria-label="Slots">
        <SlotsPanel />
      </aside>
      {over && (
        <div className="drop-veil">
          {mainView === 'scores' ? 'Drop a folder of masks' : 'Drop images, a checkpoint or an encoder'}
        </div>
      )}
      <HiddenInputs />
      <HelpDialog />
      <MasksDialog />
      <Announcer />
    </div>
  );
}
