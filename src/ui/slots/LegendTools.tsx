import { type ReactElement } from 'react';
import { classOf } from '../../domain/classes.ts';
import { useApp, useSession } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import type { LegendSelection } from './useLegendSelection.ts';

/** What can be done with the rows that are ticked, and undone. Never disabled outright, which would lose the focus. */
export function LegendTools({ selected, replace }: LegendSelection): ReactElement {
  const { session } = useApp();
  const { past, present, future } = useSession((state) => state.classes);
  const splittable = selected.some((prototype) => classOf(present, prototype).prototypes.length > 1);
  const merge = (): void => {
    session.mergeClasses(selected);
    replace([Math.min(...selected)]);
  };
  const status = selected.length > 0 ? `${selected.length} ticked` : '';
  return (
    <div className="legend-tools" role="toolbar" aria-label="Slots that are ticked">
      <Tool
        label="Merge"
        ready={selected.length > 1}
        title={selected.length > 1 ? 'Make one slot of those that are ticked' : 'Tick two or more slots to merge them'}
        act={merge}
      />
      <Tool
        label="Split"
        ready={splittable}
        title={splittable ? 'Take merged slots apart again' : 'Tick a merged slot to split it'}
        act={() => session.splitClasses(selected)}
      />
      <span className="legend-status" role="status">
        {status}
      </span>
      <Tool label="Undo" icon="undo" ready={past.length > 0} title="Undo (Ctrl+Z)" act={session.undoClasses} />
      <Tool label="Redo" icon="redo" ready={future.length > 0} title="Redo (Ctrl+Shift+Z)" act={session.redoClasses} />
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon?: 'undo' | 'redo';
  readonly ready: boolean;
  readonly title: string;
  act(): void;
}

function Tool({ label, icon, ready, title, act }: ToolProps): ReactElement {
  return (
    <button
      type="button"
      className={icon ? 'icon-button' : 'small'}
      aria-disabled={!ready}
      aria-label={icon && label}
      title={title}
      onClick={() => ready && act()}
      data-testid={`classes-${label.toLowerCase()}`}
    >
      {icon ? <Icon name={icon} /> : label}
    </button>
  );
}
