import type { ReactElement } from 'react';
import { useApp, useSession } from '../app.ts';
import { LastFolderButton } from './LastFolderButton.tsx';
import { Icon } from '../widgets/icons.tsx';

/** Nothing there yet: one large drop target, and what it is all about in three lines. */
export function EmptyState(): ReactElement {
  const { images, session } = useApp();
  const slow = useSession(({ adapter }) => (adapter.status === 'ready' ? adapter.adapter.slow : undefined));
  return (
    <div className="empty" data-testid="empty-state">
      <div className="drop-target">
        <p className="drop-title">Drop a folder of images</p>
        <div className="drop-buttons">
          <button type="button" className="primary" onClick={images.chooseFolder}>
            <Icon name="folder" /> Choose folder
          </button>
          <LastFolderButton />
          <button type="button" onClick={session.readSamples}>
            Try sample scenes
          </button>
          <button type="button" onClick={images.chooseCheckpoint}>
            Load checkpoint
          </button>
        </div>
        <ul className="drop-lines">
          <li>A small network learns, without labels, to sort your pictures into regions that belong together.</li>
          <li>
            {slow
              ? 'On this computer a first impression takes some minutes; regions appear from step 50 on.'
              : 'First regions appear after a minute or two; a short run is done in a few minutes.'}
          </li>
          <li>Your images never leave this tab.</li>
        </ul>
      </div>
    </div>
  );
}
