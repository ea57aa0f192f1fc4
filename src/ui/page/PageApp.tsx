import { lazy, Suspense, useState, type ReactElement, type ReactNode } from 'react';
import type { MainView } from '../../state/view/view.ts';
import { Announcer } from './Announcer.tsx';
import { useView } from '../app.ts';
import { Header } from './Header.tsx';
import { HiddenInputs } from '../images/HiddenInputs.tsx';
import { ImagesPanel } from '../images/ImagesPanel.tsx';
import { InterruptedRun } from './InterruptedRun.tsx';
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
import styles from './PageApp.module.css';
import { VIEW_CONTENTS } from './viewContents.tsx';
import { ViewSwitch } from './ViewSwitch.tsx';

/** What a drop on a view is for, where it is not for the page. */
const DROP_HINTS: Partial<Record<MainView, string>> = {
  scores: 'Drop a folder of masks or a COCO file',
  try: 'Drop pictures to try the model on',
};

/** The page: images and settings at the left, the run in the middle, its slots at the right. */
export function PageApp(): ReactElement {
  useKeys();
  const over = useFolderDrop();
  const tab = useView((state) => state.tab);
  const stage = useStage();
  const mainView = useView((state) => state.mainView);
  return (
    <div className={styles.page} data-tab={tab} data-view={mainView} data-stage={stage}>
      <div className={styles.header}>
        <Header />
      </div>
      <div className={styles.notice}>
        <NoticeBanner />
      </div>
      <div className={styles.tabs}>
        <PageTabs />
      </div>
      <LeftColumn />
      <MainColumn />
      <aside className={styles.right} aria-label="Slots">
        <SlotsPanel />
      </aside>
      {over && (
        <div className={styles.dropVeil}>{DROP_HINTS[mainView] ?? 'Drop images, a checkpoint or an encoder'}</div>
      )}
      <HiddenInputs />
      <Dialogs />
      <Announcer />
    </div>
  );
}

const HelpDialog = lazy(async () => ({ default: (await import('../dialogs/HelpDialog.tsx')).HelpDialog }));
const MasksDialog = lazy(async () => ({ default: (await import('../dialogs/MasksDialog.tsx')).MasksDialog }));

/** Loads a dialog when it is first opened. */
function WhenOpened({ open, children }: { readonly open: boolean; readonly children: ReactNode }): ReactNode {
  const [wasOpened, setWasOpened] = useState(false);
  if (open && !wasOpened) setWasOpened(true);
  return wasOpened && <Suspense>{children}</Suspense>;
}

function Dialogs(): ReactElement {
  return (
    <>
      <WhenOpened open={useView((state) => state.helpOpen)}>
        <HelpDialog />
      </WhenOpened>
      <WhenOpened open={useView((state) => state.masksOpen)}>
        <MasksDialog />
      </WhenOpened>
    </>
  );
}

function LeftColumn(): ReactElement {
  return (
    <aside className={styles.left} aria-label="Images and settings">
      <div className={styles.leftScroll}>
        <ImagesPanel />
        <SettingsPanel />
      </div>
      <div className={styles.startBar}>
        <StartBar />
      </div>
    </aside>
  );
}

function MainColumn(): ReactElement {
  const stage = useStage();
  const mainView = useView((state) => state.mainView);
  const View = VIEW_CONTENTS[mainView].component;
  return (
    <main className={styles.main}>
      <OtherTab />
      <InterruptedRun />
      <div className={styles.switch}>
        <ViewSwitch />
      </div>
      <div className={styles.view}>
        {/* By its key the view before ends at once; else it would stay, hidden, until this one's code has come. */}
        <Suspense key={mainView}>
          <View />
        </Suspense>
      </div>
      {stage === 'run' && (
        <div className={styles.runBar}>
          <RunBar />
        </div>
      )}
    </main>
  );
}
