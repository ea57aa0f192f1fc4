import type { Config } from '../../config/fields.ts';
import type { SweepAxis } from '../../config/sweep.ts';
import type { SweepOutcome } from '../../config/sweepTable.ts';
import type { ScoreNumbers } from '../session/scoring.ts';
import { SERIES_NAMES, type Curves, type Series, type SeriesName } from './series.ts';

/** going: it trains, or did when its tab was closed. */
export type SavedRunState = 'going' | 'paused' | 'finished' | 'stopped' | 'failed' | 'lost';

/** A run as it is remembered, without its curves and its checkpoint. */
export interface SavedRun {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly changedAt: number;
  readonly state: SavedRunState;
  readonly config: Config;
  /** Name of the images. */
  readonly images: string;
  readonly adapter: string;
  readonly step: number;
  readonly totalSteps: number;
  /** The latest value of every curve. */
  readonly latest: Readonly<Partial<Record<SeriesName, number>>>;
  readonly pictures: readonly SavedImage[];
  readonly scores?: ScoreNumbers;
  /** Of the checkpoint that is kept with it. */
  readonly checkpointStep?: number;
  readonly sweep?: SavedSweep;
}

/** A watched image with its segments, small. */
export interface SavedImage {
  readonly size: number;
  /** size × size × 3. */
  readonly rgb: Uint8Array;
  /** size × size prototypes. */
  readonly labels: Uint16Array;
}

/** What a run is in a sweep. */
export interface SavedSweep {
  readonly id: string;
  readonly axes: readonly SweepAxis[];
  /** Runs of the whole sweep. */
  readonly runs: number;
  /** Once the run is over. */
  readonly outcome?: SweepOutcome;
}

/** A copy of the curves as they are now. */
export function copyCurves(series: Series): Curves {
  const values = Object.fromEntries(SERIES_NAMES.map((name) => [name, series.values(name).slice()]));
  return { steps: series.steps().slice(), values: values as Record<SeriesName, Float64Array> };
}

const PICTURE_SIDE = 64;

/** Every n-th pixel is enough to know a run by. */
export function savedImage({ size, rgb, labels }: SavedImage): SavedImage {
  const side = Math.min(size, PICTURE_SIDE);
  const small = { size: side, rgb: new Uint8Array(side * side * 3), labels: new Uint16Array(side * side) };
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = Math.floor((y * size) / side) * size + Math.floor((x * size) / side);
      const to = y * side + x;
      small.labels[to] = labels[from] ?? 0;
      small.rgb.set(rgb.subarray(from * 3, from * 3 + 3), to * 3);
    }
  }
  return small;
}
