import { useState, type ReactElement } from 'react';
import { FIELDS, type Config, type Field, type FieldName } from '../../config/fields.ts';
import { torchrunCommand, unpublishedSettings } from '../../config/published/torchrunCommand.ts';
import type { Run } from '../../state/session/run.ts';
import { useApp, useLive, useSession } from '../app.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { formatBytes } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import styles from './ContinueDialog.module.css';

/** Checkpoint format that the published code reads. */
const FORMAT = 'slotcon-pth';

interface DialogProps {
  readonly run: Run;
  onClose(): void;
}

/** The file and the command that continue the run in the published PyTorch code. */
export function ContinueDialog({ run, onClose }: DialogProps): ReactElement {
  const { session } = useApp();
  const file = useFileName(run);
  const saving = useSession((state) => state.saving > 0);
  // Not disabled while it is made, which would lose the focus.
  const download = (): void => {
    if (!saving) session.saveCheckpoint(FORMAT);
  };
  const size = run.formats.find(({ id }) => id === FORMAT)?.size ?? 0;
  return (
    <Dialog name="Continue on GPUs" className={styles.dialog} testId="continue" onClose={onClose}>
      <p>
        The published code (github.com/CVMI-Lab/SlotCon) resumes from this file. Put the file beside its
        main_pretrain.py and your images, as .jpg, into DIR/train2017.
      </p>
      <button type="button" className="primary" aria-disabled={saving} onClick={download} data-testid="download-pth">
        <Icon name="download" /> {saving ? 'Saving…' : `Download ${file}`} ({formatBytes(size)})
      </button>
      <Command text={torchrunCommand(run.config, run.imageCount, file)} />
      <Differences config={run.config} />
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}

/** Name of the file that was downloaded last, or of the one that would be. */
function useFileName(run: Run): string {
  const step = useLive(({ record }) => record?.step ?? run.startStep);
  const saved = useSession(({ lastSaved }) => lastSaved);
  return saved?.runId === run.runId && saved.format === FORMAT ? saved.fileName : `slotcon-step${step}.pth`;
}

function Command({ text }: { readonly text: string }): ReactElement {
  const [copied, setCopied] = useState<string>();
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(text));
  return (
    <div className={styles.command}>
      {/* Focusable, since it scrolls. */}
      <pre tabIndex={0} aria-label="Command" data-testid="torchrun">
        {text}
      </pre>
      <button type="button" className="small" onClick={copy}>
        {copied === text ? 'Copied' : 'Copy command'}
      </button>
    </div>
  );
}

/** Settings that the published code has no flags for. */
function Differences({ config }: { readonly config: Config }): ReactElement | null {
  const { network, training } = unpublishedSettings(config);
  return (
    <>
      {network.length > 0 && (
        <div className={styles.differences} data-testid="other-network">
          <p>
            <Icon name="warning" /> It can’t load this file unchanged: it has no flags for these settings, which change
            the network. Change its models/resnet.py to match first.
          </p>
          <Settings config={config} names={network} />
        </div>
      )}
      {training.length > 0 && (
        <div className={styles.differences}>
          <p>It has no flags for these either, and trains on with its own:</p>
          <Settings config={config} names={training} />
        </div>
      )}
    </>
  );
}

function Settings({ config, names }: { readonly config: Config; readonly names: readonly FieldName[] }): ReactElement {
  return (
    <ul>
      {names.map((name) => {
        const field: Field = FIELDS[name];
        return (
          <li key={name}>
            {field.label} {String(config[name])} <span className="muted">(published: {String(field.default)})</span>
          </li>
        );
      })}
    </ul>
  );
}
