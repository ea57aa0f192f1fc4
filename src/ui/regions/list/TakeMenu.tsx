import { useMemo, useRef, type ReactElement } from 'react';
import { REGION_FORMS, type RegionForm, type RegionOverview } from '../../../domain/regions.ts';
import { shownPhotographs, type RegionList } from '../../../state/regions/regionLists.ts';
import { photographsWith } from '../../../state/regions/regionSet.ts';
import type { ListedValues } from '../../../domain/lists/photographLists.ts';
import { errorMessage } from '../../../lib/errors.ts';
import { datasetOf } from '../../../state/session/images.ts';
import { useApp, useSession } from '../../app.ts';
import { plural } from '../../widgets/format.ts';
import { Menu, MenuItem } from '../../widgets/Menu.tsx';
import { useFolderMap, useFolderMapState } from '../useFolderMap.ts';
import styles from './TakeMenu.module.css';

interface MenuProps {
  readonly overview: RegionOverview;
  readonly list: RegionList;
}

const FORMS: Readonly<Record<RegionForm, readonly [label: string, purpose: string]>> = {
  parquet: ['Parquet', 'All regions with their vectors, for pandas, Polars, DuckDB and others'],
  csv: ['CSV', 'All regions without vectors, for a spreadsheet'],
  fiftyone: ['FiftyOne', 'Regions as detections of a FiftyOne dataset'],
  cvat: ['CVAT', 'Regions as boxes in CVAT for images 1.1'],
};

/** Takes the images of the list or of the selection, and all regions as a file. */
export function TakeMenu({ overview, list }: MenuProps): ReactElement {
  const map = useFolderMap();
  const exports = useRef<HTMLButtonElement>(null);
  return (
    <div className={styles.menus}>
      <ImagesMenu overview={overview} list={list} />
      <button
        ref={exports}
        type="button"
        className="small"
        popoverTarget="map-export"
        aria-haspopup="menu"
        data-testid="map-export-open"
      >
        Export regions
      </button>
      <Menu id="map-export" label="Export all regions" anchor={exports}>
        {REGION_FORMS.map((form) => (
          <MenuItem
            key={form}
            label={FORMS[form][0]}
            purpose={FORMS[form][1]}
            format={form}
            choose={() => void map.exportAs(form)}
          />
        ))}
      </Menu>
    </div>
  );
}

function ImagesMenu({ overview, list }: MenuProps): ReactElement {
  const { session } = useApp();
  const map = useFolderMap();
  const button = useRef<HTMLButtonElement>(null);
  const hasFiles = useSession((state) => datasetOf(state.images)?.files !== undefined);
  const { images, values } = useTaken(overview, list);
  const copy = async (): Promise<void> => {
    const folder = await chooseFolder();
    if (folder) await map.copyTo(folder, images);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="small"
        popoverTarget="map-take"
        aria-haspopup="menu"
        disabled={images.length === 0}
        data-testid="map-take-open"
      >
        Take {plural(images.length, 'image')}
      </button>
      <Menu id="map-take" label="Take the images" anchor={button}>
        <MenuItem
          label="CSV"
          purpose="Their paths, sizes and numbers of regions, in this order"
          format="csv"
          choose={() => void map.take(images, 'csv', values)}
        />
        <MenuItem
          label="File names"
          purpose="A path on each line"
          format="names"
          choose={() => void map.take(images, 'names')}
        />
        {hasFiles && (
          <MenuItem
            label="Zip"
            purpose="Copies of the files, under their paths"
            format="zip"
            choose={() => void map.take(images, 'zip')}
          />
        )}
        {hasFiles && 'showDirectoryPicker' in window && (
          <MenuItem
            label="Folder…"
            purpose="Copies of the files in a folder of this machine"
            format="folder"
            choose={() =>
              void copy().catch((thrown: unknown) => session.report('export/unwritable', errorMessage(thrown)))
            }
          />
        )}
      </Menu>
    </>
  );
}

/** The images of the selection; without one, of the list's lines. A list of images to label comes first. */
function useTaken(
  { regions }: RegionOverview,
  list: RegionList,
): { readonly images: readonly number[]; readonly values?: ListedValues } {
  const selected = useFolderMapState((state) => state.selected);
  return useMemo(() => {
    if (list.selection) return { images: [...list.items], values: { name: 'coverage', of: list.selection.coverage } };
    if (selected.length > 0) return { images: [...photographsWith(selected, regions.image)] };
    const values = list.per === 'photograph' && list.values ? { name: 'value', of: list.values } : undefined;
    return { images: shownPhotographs(list, regions.image), ...(values && { values }) };
  }, [list, selected, regions]);
}

// Not in TypeScript's DOM library.
interface PickerWindow {
  showDirectoryPicker(options: { id: string; mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
}

/** Undefined if the person changed their mind. */
async function chooseFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await (window as unknown as PickerWindow).showDirectoryPicker({ id: 'copies', mode: 'readwrite' });
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') return undefined;
    throw thrown;
  }
}
