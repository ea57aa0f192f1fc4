import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { isActive } from '../../state/session/run.ts';
import { useApp, useSession } from '../app.ts';

/** Offers a newer version of the page, once no run is active. */
export function UpdateNote(): ReactElement | null {
  const { updates } = useApp();
  const waiting = useStore(updates.store, (state) => state.waiting);
  const active = useSession(({ run }) => isActive(run));
  if (!waiting) return null;
  return (
    <button
      type="button"
      className="small"
      onClick={updates.take}
      disabled={active}
      title={active ? 'When the run is over' : 'Reloads the page'}
      data-testid="take-update"
    >
      New version: reload
    </button>
  );
}
