import { useEffect, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import styles from './Dialog.module.css';

interface DialogProps {
  /** Omit where the dialog is mounted only while it is open. */
  readonly open?: boolean;
  readonly name: string;
  /** False where the content has a heading of its own. */
  readonly headed?: boolean;
  readonly className?: string | undefined;
  /** Keys of the page that work inside it too; see `shortcuts.ts`. */
  readonly scope?: 'zoom';
  readonly testId?: string;
  readonly children: ReactNode;
  onKeyDown?(event: KeyboardEvent): void;
  /** Called however it was closed: Escape, a button of `DialogButtons`, or `open`. */
  onClose(): void;
}

/** A modal dialog; the browser keeps the focus inside and gives it back. The content exists only while it is open. */
export function Dialog(props: DialogProps): ReactElement {
  const { open = true, name, headed = true, className = '', scope, testId, children, onKeyDown, onClose } = props;
  const dialog = useDialog(open);
  return (
    <dialog
      ref={dialog}
      className={`${styles.dialog} ${className}`}
      aria-label={name}
      onClose={onClose}
      onKeyDown={onKeyDown}
      data-scope={scope}
      data-testid={testId}
    >
      {open && (
        <>
          {headed && <h2>{name}</h2>}
          {children}
        </>
      )}
    </dialog>
  );
}

/** The row at the foot of a dialog. Buttons that are of type "submit" close it. */
export function DialogButtons({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <form method="dialog" className={styles.buttons}>
      {children}
    </form>
  );
}

function useDialog(open: boolean) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element) return;
    if (open && !element.open) element.showModal();
    if (!open && element.open) element.close();
  }, [open]);
  return dialog;
}
