import type { ReactElement } from 'react';
import type { Notice, NoticeAction } from '../../state/session/notices.ts';
import { useApp, useSession } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './NoticeBanner.module.css';

const ACTIONS: Readonly<Record<NoticeAction, string>> = {
  dismiss: 'Dismiss',
  chooseFolder: 'Choose another folder',
  chooseCheckpoint: 'Choose another checkpoint',
  restartWorker: 'Restart engine',
  saveCheckpoint: 'Download last good state',
};

// Absent outside secure contexts.
const { clipboard } = navigator as { clipboard?: Clipboard };

/** Shows the latest error: what happened, what is still there, and one button that helps. */
export function NoticeBanner(): ReactElement {
  const notice = useSession((state) => state.notices.at(-1));
  const others = useSession((state) => state.notices.length - 1);
  // The region is always in the document: screen readers announce only what is added to an existing one.
  return (
    <div role="alert" data-testid="notice">
      {notice && <Banner notice={notice} others={others} />}
    </div>
  );
}

function Banner({ notice, others }: { readonly notice: Notice; readonly others: number }): ReactElement {
  const { session, images } = useApp();
  const act = (): void => {
    session.dismissNotice();
    switch (notice.action) {
      case 'dismiss':
        return;
      case 'chooseFolder':
        return images.chooseFolder();
      case 'chooseCheckpoint':
        return images.chooseCheckpoint();
      case 'restartWorker':
        return session.open();
      case 'saveCheckpoint':
        return session.saveCheckpoint();
    }
  };
  const detail = [notice.code, notice.message, notice.detail].filter(Boolean).join('\n');
  return (
    <div className={styles.banner} data-code={notice.code}>
      <Icon name="warning" />
      <div className={styles.text}>
        <p>
          <strong>{notice.message}</strong>
          {others > 0 && <span className="muted"> ({others} more)</span>}
        </p>
        <p className="muted">{notice.kept}</p>
        <details>
          <summary>Details</summary>
          <pre>{detail}</pre>
          <button type="button" className="small" onClick={() => void clipboard?.writeText(detail)}>
            Copy
          </button>
        </details>
      </div>
      {notice.action !== 'dismiss' && (
        <button type="button" className={styles.action} onClick={act}>
          {ACTIONS[notice.action]}
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={session.dismissNotice}>
        <Icon name="close" />
      </button>
    </div>
  );
}
