import type { ReactElement } from 'react';
import { runOf } from '../../state/session/run.ts';
import type { Theme } from '../../state/view/view.ts';
import { AdapterChip } from './AdapterChip.tsx';
import { useApp, useSession, useView } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import { shortcutProps } from '../widgets/shortcuts.ts';
import styles from './Header.module.css';
import { UpdateNote } from './UpdateNote.tsx';

const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };

export function Header(): ReactElement {
  const { view } = useApp();
  const theme = useView((state) => state.theme);
  const title = useSession(({ run }) => (run.status === 'preparing' ? run.plan.title : runOf(run)?.title));
  return (
    <header className={styles.header}>
      <h1 className={styles.brand}>
        <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
          <rect x="1" y="1" width="8" height="8" rx="1.5" fill="#4f8fe0" />
          <rect x="10" y="1" width="5" height="5" rx="1.5" fill="#e08a3c" />
          <rect x="10" y="7" width="5" height="8" rx="1.5" fill="#2fa67c" />
          <rect x="1" y="10" width="8" height="5" rx="1.5" fill="#b56fb0" />
        </svg>
        slotcon-tab
      </h1>
      <span className={styles.runTitle} title={title}>
        {title}
      </span>
      <UpdateNote />
      <AdapterChip />
      <button
        type="button"
        className="icon-button"
        aria-label={`Theme: ${theme}. Switch to ${NEXT_THEME[theme]}`}
        title={`Theme: ${theme}`}
        onClick={() => view.setState({ theme: NEXT_THEME[theme] })}
        data-testid="theme-toggle"
      >
        <Icon name={theme} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Help and keys"
        {...shortcutProps('help', 'Help and keys')}
        onClick={() => view.setState({ helpOpen: true })}
      >
        <Icon name="help" />
      </button>
    </header>
  );
}
