import type { ReactElement } from 'react';
import { classOf } from '../../domain/classes.ts';
import { useApp, useSession } from '../app.ts';
import { ClassHistory } from './ClassHistory.tsx';
import styles from './LegendTools.module.css';
import type { LegendSelection } from './useLegendSelection.ts';

/** Merges and splits the ticked rows; undo and redo. Buttons are never disabled outright, which would lose the focus. */
export function LegendTools({ selected, replace }: LegendSelection): ReactElement {
  const { session } = useApp();
  const present = useSession((state) => state.classes.present);
  const splittable = selected.some((prototype) => classOf(present, prototype).prototypes.length > 1);
  const merge = (): void => {
    session.mergeClasses(selected);
    replace([Math.min(...selected)]);
  };
  const status = selected.length > 0 ? `${selected.length} ticked` : '';
  return (
    <div className={styles.tools} role="toolbar" aria-label="Ticked slots">
      <Tool
        label="Merge"
        ready={selected.length > 1}
        title={selected.length > 1 ? 'Merge the ticked slots into one' : 'Tick two or more slots to merge them'}
        act={merge}
      />
      <Tool
        label="Split"
        ready={splittable}
        title={splittable ? 'Split merged slots again' : 'Tick a merged slot to split it'}
        act={() => session.splitClasses(selected)}
      />
      <span className={styles.status} role="status">
        {status}
      </span>
      <ClassHistory testId="classes" />
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly ready: boolean;
  readonly title: string;
  act(): void;
}

function Tool({ label, ready, title, act }: ToolProps): ReactElement {
  return (
    <button
      type="button"
      className="small"
      aria-disabled={!ready}
      title={title}
      onClick={() => {
        if (ready) act();
      }}
      data-testid={`classes-${label.toLowerCase()}`}
    >
      {label}
    </button>
  );
}
