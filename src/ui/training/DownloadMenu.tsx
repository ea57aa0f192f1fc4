import { lazy, Suspense, useRef, useState, type ReactElement } from 'react';
import { explorationsOf } from '../../state/runs/explorations.ts';
import { reportOf } from '../../state/runs/runReport.ts';
import { isSavable, runOf, type RunState } from '../../state/session/run.ts';
import type { FileFormat } from '../../worker/contracts.ts';
import { useApp, useSession } from '../app.ts';
import { formatBytes } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { Menu, MenuItem } from '../widgets/Menu.tsx';
import { shortcutProps } from '../widgets/shortcuts.ts';
import styles from './DownloadMenu.module.css';

const ContinueDialog = lazy(async () => ({
  default: (await import('../dialogs/ContinueDialog.tsx')).ContinueDialog,
}));

const MENU = 'download-menu';

/** A button that downloads the checkpoint, and a menu of everything else that the run can be saved as. */
export function DownloadMenu({ run }: { readonly run: RunState }): ReactElement {
  const { session } = useApp();
  const saving = useSession((state) => state.saving > 0);
  const savable = isSavable(run);
  const caret = useRef<HTMLButtonElement>(null);
  const [continuing, setContinuing] = useState(false);
  const shown = runOf(run);
  return (
    <div className={styles.split}>
      <button
        type="button"
        className={styles.download}
        onClick={() => session.saveCheckpoint()}
        disabled={!savable || saving}
        aria-label="Download checkpoint"
        {...shortcutProps('download', 'Download checkpoint')}
        data-testid="download"
      >
        <Icon name="download" /> <span>{saving ? 'Saving…' : 'Checkpoint'}</span>
      </button>
      <button
        ref={caret}
        type="button"
        className={styles.caret}
        popoverTarget={MENU}
        disabled={!savable}
        aria-haspopup="menu"
        aria-label="Download as…"
        title="Download as…"
        data-testid="download-as"
      >
        <Icon name="more" />
      </button>
      <Menu id={MENU} label="Download as" anchor={caret}>
        <Items formats={shown?.formats ?? []} onContinue={() => setContinuing(true)} />
      </Menu>
      {continuing && shown && (
        <Suspense>
          <ContinueDialog run={shown} onClose={() => setContinuing(false)} />
        </Suspense>
      )}
    </div>
  );
}

interface ItemsProps {
  readonly formats: readonly FileFormat[];
  onContinue(): void;
}

function Items({ formats, onContinue }: ItemsProps): ReactElement {
  const { session, view, replay, runHistory } = useApp();
  const saveReport = (): void => {
    const data = reportOf(session, explorationsOf(runHistory.store.getState().runs));
    if (data) void replay.saveReport(data);
  };
  return (
    <>
      {formats.map(({ id, label, purpose, size }) => (
        <MenuItem
          key={id}
          label={label}
          detail={formatBytes(size)}
          purpose={purpose}
          format={id}
          choose={() => session.saveCheckpoint(id)}
        />
      ))}
      <MenuItem
        separated
        label="Export masks…"
        purpose="The slots of every image, as index PNGs and for COCO."
        choose={() => view.setState({ masksOpen: true })}
        testId="export-masks"
      />
      <MenuItem
        label="Report"
        purpose="Settings, curves, images and slots as one HTML file, to keep or send."
        choose={saveReport}
        testId="save-report"
      />
      <MenuItem
        label="Continue on GPUs…"
        purpose="The PyTorch checkpoint, and the command that resumes from it."
        choose={onContinue}
        testId="continue-on-gpus"
      />
    </>
  );
}
