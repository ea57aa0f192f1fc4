import type { ReactElement } from 'react';
import type { RegionOverview } from '../../../domain/regions.ts';
import type { ListKind, RegionList } from '../../../state/regions/regionLists.ts';
import { formatCount } from '../../widgets/format.ts';
import { useFolderMap, useFolderMapState } from '../useFolderMap.ts';
import { LabelFirst } from './LabelFirst.tsx';
import { LinesList } from './LinesList.tsx';
import styles from './RegionSide.module.css';
import { SelectionTools } from './SelectionTools.tsx';
import { TakeMenu } from './TakeMenu.tsx';
import { Threshold } from './Threshold.tsx';

const KINDS: readonly (readonly [kind: ListKind, label: string])[] = [
  ['all', 'All regions'],
  ['selected', 'Selected regions'],
  ['similar', 'More like one region'],
  ['duplicates', 'Near-duplicate images'],
  ['outliers', 'Outliers'],
  ['unusual', 'Unusual mixes of slots'],
  ['first', 'What to label first'],
];

/** Images to label first, until another number is wanted. */
const FIRST_IMAGES = 40;

/** The list beside the map: what it holds, its threshold, its lines, and what to do with them. */
export function RegionSide({ overview }: { readonly overview: RegionOverview }): ReactElement {
  const map = useFolderMap();
  const list = useFolderMapState((state) => state.list);
  const finding = useFolderMapState((state) => state.finding);
  const first = useFolderMapState(({ selected }) => selected.at(0));
  const of = (kind: ListKind): number | undefined => {
    if (kind === 'first') return Math.min(FIRST_IMAGES, overview.photographs.count);
    return kind === 'similar' ? (first ?? list.like) : undefined;
  };
  const label = KINDS.find(([kind]) => kind === list.kind)?.[1] ?? '';
  return (
    <>
      <label className={styles.kind}>
        List
        <select
          value={finding ?? list.kind}
          onChange={({ currentTarget }) => {
            const kind = currentTarget.value as ListKind;
            void map.show(kind, of(kind));
          }}
          data-testid="map-list-kind"
        >
          {KINDS.map(([kind, name]) => (
            <option key={kind} value={kind} disabled={kind === 'similar' && of(kind) === undefined}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Searching />
      <Threshold list={list} />
      {list.selection && <LabelFirst overview={overview} selection={list.selection} />}
      <Lines overview={overview} list={list} label={label} />
      <SelectionTools overview={overview} list={list} />
      <TakeMenu overview={overview} list={list} />
    </>
  );
}

function Searching(): ReactElement | null {
  const map = useFolderMap();
  const work = useFolderMapState(({ works }) => works.find(({ kind }) => kind === 'find' || kind === 'export'));
  if (!work) return null;
  return (
    <div className={styles.searching} role="status">
      <progress max={1} value={work.fraction > 0 ? work.fraction : undefined} aria-label={work.phase} />
      <span className="muted">{work.phase}…</span>
      <button type="button" className="link" onClick={() => map.cancel(work.kind)}>
        Cancel
      </button>
    </div>
  );
}

interface LinesProps {
  readonly overview: RegionOverview;
  readonly list: RegionList;
  readonly label: string;
}

function Lines({ overview, list, label }: LinesProps): ReactElement {
  if (list.items.length > 0) return <LinesList key={list.kind} overview={overview} list={list} label={label} />;
  return (
    <p className={`muted ${styles.empty}`}>
      {list.kind === 'selected'
        ? 'Nothing is selected. Draw a lasso on the map, click points, or choose lines of a list with the space bar.'
        : `${formatCount(0)} lines: there is too little to compare.`}
    </p>
  );
}
