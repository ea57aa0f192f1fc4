import type { ReactElement } from 'react';
import { Announcer } from './Announcer.tsx';
import { useSession, useView } from './app.ts';
import { Curves } from './Curves.tsx';
import { EmptyState } from './EmptyState.tsx';
import { Header } from './Header.tsx';
import { HelpDialog } from './HelpDialog.tsx';
import { HiddenInputs } from './HiddenInputs.tsx';
import { ImagesPanel } from './ImagesPanel.tsx';
import { ReadyState } from './ReadyState.tsx';
import { RunBar } from './RunBar.tsx';
import { Scrubber } from './Scrubber.tsx';
import { SettingsPanel } from './SettingsPanel.tsx';
import { SlotsPanel } from './SlotsPanel.tsx';
import { StartBar } from './StartBar.tsx';
import { Tabs } from './Tabs.tsx';
import { TroubleBanner } from './TroubleBanner.tsx';
import { useFolderDrop } from './useFolderDrop.ts';
import { useKeys } from './useKeys.ts';
import { WatchedGrid } from './WatchedGrid.tsx';

/** The page: images and settings at the left, the run in the middle, its slots at the right. */
export function PageApp(): ReactElement {
  useKeys();
  const over = useFolderDrop();
  const tab = useView((state) => state.tab);
  const stage = useSession(({ run, images }) =>
    run.status !== 'idle' ? 'run' : images.status === 'empty' ? 'empty' : 'ready',
  );
  return (
    <div className="page" data-tab={tab} data-stage={stage} data-over={over}>
      <Header />
      <TroubleBanner />
      <Tabs />
      <aside className="left" aria-label="Images and settings">
        <div className="left-scroll">
          <ImagesPanel />
          <SettingsPanel />
        </div>
        <StartBar />
      </aside>
      <main className="main">
        {stage === 'empty' && <EmptyState />}
        {stage === 'ready' && <ReadyState />}
        {stage === 'run' && (
          <>
            <div className="main-scroll">
              <Curves />
              <WatchedGrid />
            </div>
            <Scrubber />
            <RunBar />
          </>
        )}
      </main>
      <aside className="right" aria-label="Slots">
        <SlotsPanel />
      </aside>
      {over && <div className="drop-veil">Drop images, a checkpoint or an encoder</div>}
      <HiddenInputs />
      <HelpDialog />
      <Announcer />
    </div>
  );
}
