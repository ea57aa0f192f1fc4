import { useState, type ReactElement } from 'react';
import type { RegionOverview, Selection } from '../../../domain/regions.ts';
import { formatCount } from '../../widgets/format.ts';
import { useFolderMap } from '../useFolderMap.ts';
import styles from './LabelFirst.module.css';

interface FirstProps {
  readonly overview: RegionOverview;
  readonly selection: Selection;
}

/** How many images to label first, and how well they cover all regions against random ones. */
export function LabelFirst({ overview, selection }: FirstProps): ReactElement {
  const map = useFolderMap();
  const [wanted, setWanted] = useState(String(selection.photographs.length));
  const count = Number(wanted);
  const isValid = Number.isInteger(count) && count >= 1 && count <= overview.photographs.count;
  const percent = (fractions: Float32Array): string => `${(100 * (fractions.at(-1) ?? 0)).toFixed(0)}%`;
  const sentence =
    `${formatCount(selection.photographs.length)} chosen images cover ${percent(selection.coverage)} of the regions; ` +
    `as many random ones ${percent(selection.random)}.`;
  return (
    <form
      className={styles.first}
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) void map.show('first', count);
      }}
    >
      <label className="inline-control">
        Images
        <input
          type="number"
          min={1}
          max={overview.photographs.count}
          value={wanted}
          aria-invalid={!isValid}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
          data-testid="map-first-count"
        />
      </label>
      <button type="submit" className="small" aria-disabled={!isValid}>
        Choose
      </button>
      <Curves selection={selection} label={sentence} />
      <p className="muted" role="status" data-testid="map-coverage">
        {isValid ? sentence : `From 1 to ${formatCount(overview.photographs.count)}.`}
      </p>
    </form>
  );
}

/** Coverage by the number of images: the chosen ones above random ones. */
function Curves({ selection, label }: { readonly selection: Selection; readonly label: string }): ReactElement {
  const { coverage, random } = selection;
  const points = (values: Float32Array): string =>
    [0, ...values].map((value, at) => `${(100 * at) / Math.max(1, values.length)},${40 - 40 * value}`).join(' ');
  return (
    <svg className={styles.curves} viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline className={styles.random} points={points(random)} />
      <polyline className={styles.chosen} points={points(coverage)} />
    </svg>
  );
}
