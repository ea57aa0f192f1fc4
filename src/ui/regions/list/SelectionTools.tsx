import { useMemo, type ReactElement } from 'react';
import { classOf, MAX_NAME_LENGTH } from '../../../domain/classes.ts';
import type { RegionOverview } from '../../../domain/regions.ts';
import { shownRegions, type RegionList } from '../../../state/regions/regionLists.ts';
import { photographsWith } from '../../../state/regions/regionSet.ts';
import { useApp, useSession } from '../../app.ts';
import { ClassHistory } from '../../slots/ClassHistory.tsx';
import { useClasses } from '../../slots/useClasses.ts';
import { plural } from '../../widgets/format.ts';
import { useFolderMap, useFolderMapState } from '../useFolderMap.ts';
import styles from './SelectionTools.module.css';

interface ToolsProps {
  readonly overview: RegionOverview;
  readonly list: RegionList;
}

/** The selection: how large it is, how to change it, and names for the slots in it. */
export function SelectionTools({ overview, list }: ToolsProps): ReactElement {
  const map = useFolderMap();
  const selected = useFolderMapState((state) => state.selected);
  const images = useMemo(() => photographsWith(selected, overview.regions.image).length, [selected, overview]);
  return (
    <div className={styles.selection}>
      <div className={styles.state}>
        <p role="status" data-testid="map-selection">
          {selected.length === 0
            ? 'No region selected'
            : `${plural(selected.length, 'region')} selected, in ${plural(images, 'image')}`}
        </p>
        {selected.length > 0 && (
          <button type="button" className="link" onClick={() => map.select([], 'replace')} data-testid="map-clear">
            Clear
          </button>
        )}
      </div>
      <div className={styles.tools} role="toolbar" aria-label="Selection">
        <button
          type="button"
          className="small"
          aria-disabled={selected.length !== 1}
          title="Regions most similar to the selected one; Enter on a line does the same"
          onClick={() => {
            if (selected.length === 1) void map.show('similar', selected[0]);
          }}
          data-testid="map-more"
        >
          More like it
        </button>
        <button
          type="button"
          className="small"
          onClick={() => map.select(shownRegions(list, overview.photographs), 'add')}
          data-testid="map-select-shown"
        >
          Select all shown
        </button>
      </div>
      {selected.length > 0 && <Naming overview={overview} selected={selected} />}
    </div>
  );
}

interface NamingProps {
  readonly overview: RegionOverview;
  readonly selected: Uint32Array;
}

/** Names and merges the slots that the selected regions belong to, as the legend does. */
function Naming({ overview, selected }: NamingProps): ReactElement {
  const { session } = useApp();
  const { leaders, labelOf } = useClasses();
  const classes = useSession((state) => state.classes);
  const slots = useMemo(() => {
    const isThere = new Uint8Array(leaders.length);
    for (const region of selected) isThere[leaders[overview.regions.prototype[region]]] = 1;
    return [...isThere.keys()].filter((slot) => isThere[slot] === 1);
  }, [selected, overview, leaders]);
  const slot = slots[0];
  return (
    <form
      className={styles.naming}
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements.namedItem('name');
        if (slots.length > 1) session.mergeClasses(slots);
        else if (field instanceof HTMLInputElement) session.renameClass(slot, field.value);
      }}
    >
      {slots.length === 1 && (
        <input
          // Another slot, or a name that was changed elsewhere.
          key={`${slot} ${classOf(classes.present, slot).name}`}
          name="name"
          type="text"
          defaultValue={classOf(classes.present, slot).name}
          placeholder={labelOf(slot)}
          maxLength={MAX_NAME_LENGTH}
          aria-label={`Name of ${labelOf(slot)}`}
          data-testid="map-name"
        />
      )}
      <button type="submit" className="small" data-testid="map-name-slots">
        {slots.length === 1 ? 'Name slot' : `Merge ${slots.length} slots`}
      </button>
      <ClassHistory />
    </form>
  );
}
