import type { ReactElement } from 'react';
import { useApp, useSession } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import { shortcutProps } from '../widgets/shortcuts.ts';
import styles from './ClassHistory.module.css';

/** Undo and redo of names, merges and splits. `testId` precedes those of the buttons. */
export function ClassHistory({ testId }: { readonly testId?: string }): ReactElement {
  const { session } = useApp();
  const { past, future } = useSession((state) => state.classes);
  const ids = (name: string): string | undefined => testId && `${testId}-${name}`;
  return (
    <>
      <Step name="undo" label="Undo" ready={past.length > 0} act={session.undoClasses} testId={ids('undo')} />
      <Step name="redo" label="Redo" ready={future.length > 0} act={session.redoClasses} testId={ids('redo')} />
    </>
  );
}

interface StepProps {
  readonly name: 'undo' | 'redo';
  readonly label: string;
  readonly ready: boolean;
  act(): void;
  readonly testId: string | undefined;
}

/** Never disabled outright, which would lose the focus. */
function Step({ name, label, ready, act, testId }: StepProps): ReactElement {
  return (
    <button
      type="button"
      className={`icon-button ${styles.icon}`}
      aria-disabled={!ready}
      aria-label={label}
      {...shortcutProps(name, label)}
      onClick={() => {
        if (ready) act();
      }}
      data-testid={testId}
    >
      <Icon name={name} />
    </button>
  );
}
