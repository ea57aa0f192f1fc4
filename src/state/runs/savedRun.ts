import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import type { Config } from '../../config/fields.ts';
import type { SweepAxis } from '../../config/sweep/sweep.ts';
import type { SweepOutcome } from '../../config/sweep/sweepTable.ts';
import type { Overlay } from '../../domain/reports.ts';
import { slotLabels } from '../../domain/slotGrid.ts';
import type { ScoreNumbers } from '../session/scores.ts';
import { SERIES, type SeriesName } from '../../signals/metrics.ts';
import type { Curves, Series } from './series.ts';

/** going: in progress when it was saved, so that its page was closed or crashed if it is not the current run. */
export type SavedRunState = 'going' | 'paused' | 'finished' | 'stopped' | 'failed' | 'lost';

/** A run as it is stored, without its curves and its checkpoint. */
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
  /** The latest value of every series. */
  readonly latest: Readonly<Partial<Record<SeriesName, number>>>;
  /** Some of the watched images. */
  readonly pictures: readonly SavedImage[];
  readonly scores?: ScoreNumbers;
  /** Step of the checkpoint that is stored with it. */
  readonly checkpointStep?: number;
  readonly sweep?: SavedSweep;
  /** Of a run of an exploration that is over. */
  readonly explored?: SavedExplored;
}

/** What an exploration keeps of a run: the labels that are compared, and the shown images with its first seed. */
export interface SavedExplored {
  readonly labels: Uint16Array;
  readonly pictures: readonly Overlay[];
}

/** The center square of a watched image with its segments, small. */
export interface SavedImage {
  readonly size: number;
  /** size × size × 3. */
  readonly rgb: Uint8Array;
  /** size × size prototypes. */
  readonly labels: Uint16Array;
}

/** The sweep that a run belongs to. */
export interface SavedSweep {
  readonly id: string;
  readonly axes: readonly SweepAxis[];
  /** Number of runs of the whole sweep. */
  readonly runs: number;
  /** It is an exploration: short runs, whose images are compared. */
  readonly explores?: boolean;
  /** Set once this run is over. */
  readonly outcome?: SweepOutcome;
}

/** A run as it is in the storage: an earlier version of the page didn't have all of today's settings. */
export type StoredRun = Omit<SavedRun, 'config'> & { readonly config: Partial<Config> };

/** Fills in the defaults of settings that the version which stored the run didn't have. */
export function completeRun(run: StoredRun): SavedRun {
  return { ...run, config: { ...DEFAULT_CONFIG, ...run.config } };
}

/** The run with a checkpoint of `step`. */
export function withCheckpoint(run: SavedRun, step: number): SavedRun {
  return { ...run, step: Math.max(run.step, step), checkpointStep: step };
}

export function withoutCheckpoint({ checkpointStep: _, ...run }: SavedRun): SavedRun {
  return run;
}

/** A copy of the curves as they are now. */
export function copyCurves(series: Series): Curves {
  return {
    steps: series.steps().slice(),
    values: Object.fromEntries(SERIES.map(({ name }) => [name, series.values(name).slice()])),
  };
}

const MAX_IMAGE_SIDE = 64;

/** Center of an image at few pixels: enough to recognize a run by. */
export function shrinkImage({ preview, grid }: Pick<Overlay, 'preview' | 'grid'>): SavedImage {
  const { width, height, data } = preview;
  const shorter = Math.min(width, height);
  const size = Math.min(shorter, MAX_IMAGE_SIDE);
  const scale = shorter / size;
  const [left, top] = [(width - shorter) / 2, (height - shorter) / 2];
  const window = { imageWidth: width / scale, imageHeight: height / scale, left: left / scale, top: top / scale };
  const labels = slotLabels(grid, { ...window, width: size, height: size });
  const rgb = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = (Math.floor(top + y * scale) * width + Math.floor(left + x * scale)) * 3;
      rgb.set(data.subarray(from, from + 3), (y * size + x) * 3);
    }
  }
  return { size, rgb, labels };
}
