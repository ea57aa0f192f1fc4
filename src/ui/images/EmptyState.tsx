import type { ReactElement } from 'react';
import { useApp, useSession } from '../app.ts';
import styles from './EmptyState.module.css';
import { LastFolderButton } from './LastFolderButton.tsx';
import { webGpuRemedy } from '../page/webGpuRemedy.ts';
import { Icon } from '../widgets/icons.tsx';

/** The page without images: one large drop target, and the page explained in three lines. */
export function EmptyState(): ReactElement {
  const { images, session } = useApp();
  const adapter = useSession((state) => (state.adapter.status === 'ready' ? state.adapter.adapter : undefined));
  return (
    <div className={styles.empty} data-testid="empty-state">
      <div className={styles.target}>
        <p className={styles.title}>Drop a folder of images</p>
        <div className={styles.buttons}>
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
        <ul className={styles.lines}>
          <li>A small network learns, without labels, to segment your images into regions that belong together.</li>
          <li>
            {adapter?.slow
              ? 'On this computer a first impression takes some minutes; regions appear from step 50 on.'
              : 'First regions appear after a minute or two; a short run is done in a few minutes.'}
          </li>
          <li>Your images never leave this tab.</li>
          {adapter && adapter.backend !== 'webgpu' && (
            <li>
              WebGPU, which training needs to be quick, is missing. {webGpuRemedy(navigator.userAgent, isSecureContext)}
            </li>
          )}
        </ul>
      </div>
    </div>
  );
}
