import { PRESENT_FRACTION } from '../../../domain/thresholds.ts';
import type { Health, Overlay } from '../../../domain/reports.ts';
import { slotCounts } from '../../../domain/slotCounts.ts';
import { slotGridBytes } from '../../../domain/slotGrid.ts';

/** The watched images' segmentations at one step. */
export interface OverlaySnapshot {
  readonly step: number;
  readonly overlays: readonly Overlay[];
  /** Fraction of the teacher's cells per prototype at that step; empty before the first step. */
  readonly usage: readonly number[];
  readonly health: Health;
}

/** Maximum size of the history of a run: hundreds of snapshots of eight large images, thousands of small ones. */
export const HISTORY_BYTES = 192 * 2 ** 20;

/**
 * Adds a snapshot to a history whose grids take at most `budget` bytes. A full history drops the inner snapshot whose
 * neighbors are closest together, again and again, so that what is kept stays evenly spread over the run; the first and
 * the last always stay. A snapshot of a step that is there already takes its place.
 */
export function addSnapshot(
  history: readonly OverlaySnapshot[],
  snapshot: OverlaySnapshot,
  budget: number = HISTORY_BYTES,
): readonly OverlaySnapshot[] {
  const earlier = history.filter(({ step }) => step < snapshot.step);
  const all = [...earlier, shareImages(earlier.at(-1), snapshot)];
  let bytes = historyBytes(all);
  while (bytes > budget && all.length > 2) {
    bytes -= historyBytes(all.splice(mostCrowded(all), 1));
  }
  return all;
}

/** Bytes of the grids and usages; the images are there once. */
export function historyBytes(history: readonly OverlaySnapshot[]): number {
  return history.reduce((sum, { overlays, usage }) => {
    return (
      sum +
      overlays.reduce(
        (bytes, overlay) => bytes + slotGridBytes(overlay.grid) + slotGridBytes(overlay.edges),
        8 * usage.length,
      )
    );
  }, 0);
}

/** Index of the inner snapshot whose loss leaves the smallest gap; of equals the earliest. */
function mostCrowded(history: readonly OverlaySnapshot[]): number {
  let best = 1;
  let smallest = Infinity;
  for (let at = 1; at < history.length - 1; at++) {
    const gap = (history[at + 1]?.step ?? 0) - (history[at - 1]?.step ?? 0);
    if (gap < smallest) [best, smallest] = [at, gap];
  }
  return best;
}

/** Keeps one copy of each image: they don't change over a run. */
function shareImages(earlier: OverlaySnapshot | undefined, snapshot: OverlaySnapshot): OverlaySnapshot {
  if (!earlier) return snapshot;
  const known = new Map(earlier.overlays.map((overlay) => [overlay.imageIndex, overlay]));
  const overlays = snapshot.overlays.map((overlay) => {
    const before = known.get(overlay.imageIndex);
    const same = before?.path === overlay.path && before.preview.data.length === overlay.preview.data.length;
    return same ? { ...overlay, preview: before.preview } : overlay;
  });
  return { ...snapshot, overlays };
}

/** Extent of one prototype in the watched images. */
export interface PrototypeCount {
  /** Watched images in which it wins at least 1% of the pixels. */
  readonly images: number;
  /** Fraction of all pixels of the watched images. */
  readonly fraction: number;
}

/**
 * Counts for prototypes 0…count−1 in a snapshot; with `leaders`, the first prototype of each one's class, a class is counted
 * as its first prototype.
 */
export function countPrototypes(
  overlays: readonly Overlay[],
  count: number,
  leaders?: Uint16Array,
): readonly PrototypeCount[] {
  const images = new Uint32Array(count);
  const pixels = new Float64Array(count);
  let total = 0;
  for (const overlay of overlays) {
    const inImage = slotCounts(leaders ? { ...overlay, grid: { ...overlay.grid, leaders } } : overlay, count);
    const all = inImage.reduce((sum, held) => sum + held, 0);
    total += all;
    inImage.forEach((held, prototype) => {
      pixels[prototype] += held;
      if (held >= PRESENT_FRACTION * all && held > 0) images[prototype] += 1;
    });
  }
  return Array.from(images, (held, prototype) => ({
    images: held,
    fraction: total > 0 ? pixels[prototype] / total : 0,
  }));
}
