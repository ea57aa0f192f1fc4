import { useRef, type KeyboardEvent, type ReactElement, type ReactNode, type RefObject } from 'react';
import styles from './Popover.module.css';

/** Between the popover and what is around it, in px. */
const GAP = 8;

interface PopoverProps {
  /** The `popoverTarget` of its button. */
  readonly id: string;
  readonly role: 'menu' | 'dialog';
  readonly label: string;
  /** Its button. */
  readonly anchor: RefObject<HTMLElement | null>;
  /** At most, in px. */
  readonly width: number;
  readonly className?: string | undefined;
  readonly children: ReactNode;
  onKeyDown?(event: KeyboardEvent<HTMLElement>): void;
  onOpen?(popover: HTMLElement): void;
}

/** Opens above its button. The browser closes it at Escape or at a click elsewhere, and gives the focus back. */
export function Popover(props: PopoverProps): ReactElement {
  const { id, role, label, anchor, width, className = '', children, onKeyDown, onOpen } = props;
  const popover = useRef<HTMLDivElement>(null);
  return (
    <div
      ref={popover}
      id={id}
      popover="auto"
      role={role}
      aria-label={label}
      className={`${styles.popover} ${className}`}
      onKeyDown={(event) => {
        // The page's own keys mean nothing while it is open.
        event.stopPropagation();
        onKeyDown?.(event);
      }}
      onBeforeToggle={({ newState, currentTarget }) => {
        if (newState === 'open' && anchor.current) place(currentTarget, anchor.current, width);
      }}
      onToggle={({ newState, currentTarget }) => {
        if (newState === 'open') onOpen?.(currentTarget);
      }}
      data-testid={id}
    >
      {children}
    </div>
  );
}

/** Right edge on the button's where that fits. In the top layer no style sheet could place it relative to the button. */
function place({ style }: HTMLElement, anchor: HTMLElement, maxWidth: number): void {
  const { top, right } = anchor.getBoundingClientRect();
  const { innerWidth, innerHeight } = window;
  const width = Math.min(maxWidth, innerWidth - 2 * GAP);
  style.width = `${width}px`;
  style.right = `${Math.max(GAP, Math.min(innerWidth - right, innerWidth - GAP - width))}px`;
  style.bottom = `${innerHeight - top + GAP / 2}px`;
  style.maxHeight = `${top - 1.5 * GAP}px`;
}
