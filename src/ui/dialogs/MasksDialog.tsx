import type { ReactElement } from 'react';
import { listClasses } from '../../domain/classes.ts';
import { masksReadiness } from '../../state/session/readiness.ts';
import type { MasksState } from '../../state/session/masks.ts';
import { shownConfig } from '../../state/session/resume.ts';
import { useApp, useSession, useView } from '../app.ts';
import { Dialog, DialogButtons } from '../widgets/Dialog.tsx';
import { formatBytes, plural } from '../widgets/format.ts';
import { Icon } from '../widgets/icons.tsx';
import { MaskFormFields } from './MaskFormFields.tsx';
import styles from './MasksDialog.module.css';

/** Exports masks of all images. Closed, the export continues in background. */
export function MasksDialog(): ReactElement {
  const { view } = useApp();
  const open = useView((state) => state.masksOpen);
  return (
    <Dialog
      name="Export masks"
      open={open}
      className={styles.dialog}
      testId="masks"
      onClose={() => view.setState({ masksOpen: false })}
    >
      <p>
        A zip with the slots of each image, in the size of its file: upright, as photographs are shown.{' '}
        <code>classes.json</code> says which number is which slot.
      </p>
      <Content />
    </Dialog>
  );
}

function Content(): ReactElement {
  const masks = useSession((state) => state.masks);
  const why = useSession((state) => {
    const readiness = masksReadiness(state);
    return readiness.ready ? undefined : readiness.why;
  });
  const images = useSession((state) => {
    const readiness = masksReadiness(state);
    return readiness.ready ? readiness.images : 0;
  });
  const classes = useSession((state) => {
    return listClasses(state.classes.present, shownConfig(state)?.prototypes ?? 0).length;
  });
  const nothing = useSession((state) => state.maskOptions.forms.length === 0);
  const working = masks.status === 'working';
  return (
    <>
      <MaskFormFields disabled={working} />
      <div className={styles.state}>
        {working ? (
          <Progress />
        ) : (
          <Outcome
            masks={masks}
            why={why ?? (nothing ? 'Choose at least one form.' : undefined)}
            images={images}
            classes={classes}
          />
        )}
      </div>
      <DialogButtons>
        {working ? <CancelButton /> : <ExportButton images={images} ready={why === undefined && !nothing} />}
        <button type="submit">{working ? 'Continue in background' : 'Close'}</button>
      </DialogButtons>
    </>
  );
}

function CancelButton(): ReactElement {
  const { session } = useApp();
  return (
    <button type="button" onClick={session.cancelMasks} data-testid="masks-cancel">
      Cancel
    </button>
  );
}

function ExportButton({ images, ready }: { readonly images: number; readonly ready: boolean }): ReactElement {
  const { session } = useApp();
  return (
    <button
      type="button"
      className="primary"
      aria-disabled={!ready}
      onClick={() => {
        if (ready) void session.exportMasks();
      }}
      data-testid="masks-export"
    >
      <Icon name="download" /> {images > 0 ? `Export ${plural(images, 'mask')}` : 'Export masks'}
    </button>
  );
}

function Progress(): ReactElement {
  const job = useSession((state) => state.jobs.find(({ kind }) => kind === 'exportMasks'));
  const training = useSession((state) => state.run.status === 'training');
  const phase = job?.phase ?? 'Getting ready';
  return (
    <>
      <progress max={1} value={job && job.fraction > 0 ? job.fraction : undefined} aria-label={phase} />
      <p data-testid="masks-doing">{phase}</p>
      {training && <p className="muted">Training continues afterwards.</p>}
    </>
  );
}

interface OutcomeProps {
  readonly masks: MasksState;
  readonly why: string | undefined;
  readonly images: number;
  readonly classes: number;
}

function Outcome({ masks, why, images, classes }: OutcomeProps): ReactElement {
  switch (masks.status) {
    case 'done':
      return (
        <p role="status" data-testid="masks-done">
          Downloaded {masks.fileName}: {plural(masks.images, 'mask')}, {formatBytes(masks.bytes)}.
        </p>
      );
    case 'failed':
      return (
        <p role="alert">
          <Icon name="warning" /> {masks.message}
        </p>
      );
    case 'canceled':
    case 'working':
    case 'none':
      if (why !== undefined) return <p data-testid="masks-why">{why}</p>;
      return (
        <p className="muted" role="status">
          {masks.status === 'canceled' ? 'Canceled; nothing was written. ' : ''}
          {plural(images, 'image')}, {classes} classes of slots.
        </p>
      );
  }
}
