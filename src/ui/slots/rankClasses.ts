import { countPrototypes, type OverlaySnapshot } from '../../state/session/live/snapshots.ts';

export interface RankedClass {
  /** The first prototype of the class. */
  readonly prototype: number;
  /** Fraction of the teacher's cells, or of the watched pixels before the first step. */
  readonly usage: number;
  /** Number of watched images in which it appears. */
  readonly images: number;
}

/** Most used first; the order of the number keys too. `leaders`: for each prototype the first one of its class. */
export function rankClasses(snapshot: OverlaySnapshot, leaders: Uint16Array): readonly RankedClass[] {
  const counted = countPrototypes(snapshot.overlays, leaders.length, leaders);
  const usages = new Float64Array(leaders.length);
  snapshot.usage.forEach((fraction, prototype) => (usages[leaders[prototype]] += fraction));
  const known = snapshot.usage.length > 0;
  return counted
    .map(({ images, fraction }, prototype) => ({
      prototype,
      images,
      usage: known ? usages[prototype] : fraction,
    }))
    .filter(({ prototype }) => leaders[prototype] === prototype)
    .sort((a, b) => b.usage - a.usage || a.prototype - b.prototype);
}
