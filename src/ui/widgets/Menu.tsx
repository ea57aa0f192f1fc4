import type { ReactElement, ReactNode, RefObject } from 'react';
import styles from './Menu.module.css';
import { Popover } from './Popover.tsx';
import { moveFocus } from './rovingFocus.ts';

/** In px. */
const WIDTH = 420;

interface MenuProps {
  readonly id: string;
  readonly label: string;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** A menu of `MenuItem`s, walked through with the arrow keys. */
export function Menu({ id, label, anchor, children }: MenuProps): ReactElement {
  return (
    <Popover
      id={id}
      role="menu"
      label={label}
      anchor={anchor}
      width={WIDTH}
      className={styles.menu}
      onKeyDown={(event) => moveFocus(event, itemsOf(event.currentTarget), { wraps: true })}
      onOpen={(menu) => {
        // Browsers tell a moment after it shows; until then an item may have been chosen.
        if (!menu.contains(document.activeElement)) itemsOf(menu)[0]?.focus();
      }}
    >
      {children}
    </Popover>
  );
}

function itemsOf(menu: HTMLElement): readonly HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role=menuitem]')];
}

interface ItemProps {
  readonly label: string;
  /** At the right of the label. */
  readonly detail?: string;
  readonly purpose: string;
  /** A line above it. */
  readonly separated?: boolean;
  readonly format?: string;
  readonly testId?: string;
  choose(): void;
}

/** Closes the menu and does what it is for. */
export function MenuItem({ label, detail, purpose, separated = false, ...item }: ItemProps): ReactElement {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={`${styles.item} ${separated ? styles.separated : ''}`}
      onClick={({ currentTarget }) => {
        currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
        item.choose();
      }}
      data-format={item.format}
      data-testid={item.testId}
    >
      <strong>{label}</strong>
      {detail !== undefined && <span className={styles.detail}>{detail}</span>}
      <span className={styles.purpose}>{purpose}</span>
    </button>
  );
}
