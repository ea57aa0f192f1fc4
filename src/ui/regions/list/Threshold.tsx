import { useMemo, type ReactElement } from 'react';
import { shownLines, type ListKind, type RegionList } from '../../../state/regions/regionLists.ts';
import { formatCount } from '../../widgets/format.ts';
import { useFolderMap } from '../useFolderMap.ts';
import styles from './Threshold.module.css';

/** What the values of a list are, and its lines. */
const MEANINGS: Partial<Record<ListKind, readonly [value: string, lines: string]>> = {
  similar: ['Cosine', 'regions'],
  duplicates: ['Similarity', 'pairs'],
  outliers: ['Difference', 'regions'],
  unusual: ['Distance', 'images'],
};

const BINS = 40;

/** Cuts a list at a value: a slider below a histogram of all values. */
export function Threshold({ list }: { readonly list: RegionList }): ReactElement | null {
  const { values, threshold, kind } = list;
  const map = useFolderMap();
  const bins = useMemo(() => histogram(values ?? new Float32Array()), [values]);
  const meaning = MEANINGS[kind];
  if (!values || values.length === 0 || !meaning) return null;
  const [most, least] = [values[0], values[values.length - 1]];
  const highest = Math.max(...bins);
  return (
    <div className={styles.threshold}>
      <svg viewBox={`0 0 ${BINS} 1`} preserveAspectRatio="none" aria-hidden="true">
        {bins.map((count, bin) => {
          const height = Math.sqrt(count / highest);
          const isShown = least + ((bin + 1) / BINS) * (most - least) >= threshold;
          return (
            <rect
              key={bin}
              className={isShown ? styles.shown : ''}
              x={bin}
              y={1 - height}
              width={0.9}
              height={height}
            />
          );
        })}
      </svg>
      <input
        type="range"
        min={least}
        max={most}
        step="any"
        value={threshold}
        aria-label={`${meaning[0]} of at least`}
        aria-valuetext={threshold.toFixed(3)}
        onChange={({ currentTarget }) => map.setThreshold(Number(currentTarget.value))}
        data-testid="map-threshold"
      />
      <p className="muted" role="status" data-testid="map-shown">
        {meaning[0]} ≥ {threshold.toFixed(3)}: {formatCount(shownLines(list))} of {formatCount(values.length)}{' '}
        {meaning[1]}
      </p>
    </div>
  );
}

function histogram(values: Float32Array): readonly number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  const [most, least] = [values.at(0) ?? 0, values.at(-1) ?? 0];
  for (const value of values) {
    bins[Math.min(BINS - 1, Math.floor((BINS * (value - least)) / Math.max(1e-9, most - least)))]++;
  }
  return bins;
}
