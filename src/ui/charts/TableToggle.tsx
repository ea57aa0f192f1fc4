import type { ReactElement } from 'react';
import { useApp, useView } from '../app.ts';

/** Shows all charts of the page as tables. */
export function TableToggle(): ReactElement {
  const { view } = useApp();
  const table = useView((state) => state.table);
  return (
    <button
      type="button"
      className="small"
      aria-pressed={table}
      onClick={() => view.setState({ table: !table })}
      data-testid="table-toggle"
    >
      Table
    </button>
  );
}
