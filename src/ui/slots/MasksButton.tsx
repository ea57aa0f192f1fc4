import type { ReactElement } from 'react';
import { useApp, useSession } from '../app.ts';
import { formatPercent } from '../widgets/format.ts';

/** Opens the export of masks; shows the progress of one that runs in background. */
export function MasksButton(): ReactElement {
  const { view } = useApp();
  const fraction = useSession((state) => state.jobs.find(({ kind }) => kind === 'exportMasks')?.fraction);
  return (
    <button type="button" className="small" onClick={() => view.setState({ masksOpen: true })} data-testid="masks-open">
      {fraction === undefined ? 'Export masks…' : `Exporting masks: ${formatPercent(fraction)}`}
    </button>
  );
}
