import type { ReactElement, RefObject } from 'react';
import { Icon } from '../../widgets/icons.tsx';
import type { MapView } from './mapView.ts';
import styles from './MapTools.module.css';

interface ToolsProps {
  readonly view: RefObject<MapView | undefined>;
  readonly lassoing: boolean;
  onLasso(lassoing: boolean): void;
}

const FACTOR = 1.6;

/** Buttons for what the pointer and the keys of the map do too. */
export function MapTools({ view, lassoing, onLasso }: ToolsProps): ReactElement {
  return (
    <div className={styles.tools} role="toolbar" aria-label="Map">
      <button
        type="button"
        className="small"
        aria-pressed={lassoing}
        title="The next drag draws around regions to select them; so does Shift and a drag"
        onClick={() => onLasso(!lassoing)}
        data-testid="map-lasso"
      >
        Lasso
      </button>
      <button type="button" className="icon-button" aria-label="Larger" onClick={() => view.current?.zoom(FACTOR)}>
        <Icon name="plus" />
      </button>
      <button type="button" className="icon-button" aria-label="Smaller" onClick={() => view.current?.zoom(1 / FACTOR)}>
        <Icon name="minus" />
      </button>
      <button type="button" className="icon-button" aria-label="Show all" onClick={() => view.current?.fit()}>
        <Icon name="fit" />
      </button>
    </div>
  );
}
