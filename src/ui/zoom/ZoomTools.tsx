import type { ReactElement } from 'react';
import { Icon, type IconName } from '../widgets/icons.tsx';
import { shortcutProps, type ShortcutName } from '../widgets/shortcuts.ts';
import type { ZoomAction } from './zoomActions.ts';
import styles from './ZoomTools.module.css';

interface Tool {
  readonly action: ZoomAction;
  readonly icon: IconName;
  readonly label: string;
  /** The shortcut, and which of its keys. */
  readonly shortcut: readonly [name: ShortcutName, index: number];
}

const TOOLS: readonly Tool[] = [
  { action: 'previous', icon: 'previous', label: 'Previous image', shortcut: ['neighbor', 0] },
  { action: 'next', icon: 'next', label: 'Next image', shortcut: ['neighbor', 1] },
  { action: 'out', icon: 'minus', label: 'Smaller', shortcut: ['zoom', 1] },
  { action: 'in', icon: 'plus', label: 'Larger', shortcut: ['zoom', 0] },
  { action: 'fit', icon: 'fit', label: 'Whole image', shortcut: ['fit', 0] },
];

interface ToolsProps {
  act(action: ZoomAction): void;
  /** There are other images to go to. */
  readonly hasNeighbors: boolean;
  readonly scale: number;
}

export function ZoomTools({ act, hasNeighbors, scale }: ToolsProps): ReactElement {
  return (
    <div className={styles.tools}>
      {TOOLS.map(({ action, icon, label, shortcut: [name, index] }) => (
        <button
          key={action}
          type="button"
          className="icon-button"
          aria-label={label}
          {...shortcutProps(name, label, index)}
          disabled={!hasNeighbors && name === 'neighbor'}
          onClick={() => act(action)}
          data-testid={`zoom-${action}`}
        >
          <Icon name={icon} />
        </button>
      ))}
      <output className={styles.scale} data-testid="zoom-scale">
        {scale.toFixed(1)}×
      </output>
    </div>
  );
}
