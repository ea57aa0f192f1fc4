import type { Overlay } from './reports.ts';
import { coarseLabels, type SlotGrid } from './slotGrid.ts';

/** Pixels of each of `count` prototypes among the coarse labels of an image. */
export function countSlots(grid: SlotGrid, count: number): Uint32Array {
  const counts = new Uint32Array(count);
  for (const label of coarseLabels(grid)) counts[label] += 1;
  return counts;
}

/** Pixels of each label: a prototype, or the first of its class. */
export function slotCounts({ grid, counts }: Pick<Overlay, 'grid' | 'counts'>, count: number): Uint32Array {
  const { leaders, ...own } = grid;
  const pixels = (counts ?? countSlots(leaders ? own : grid, count)).slice(0, count);
  leaders?.forEach((leader, prototype) => {
    if (leader === prototype || prototype >= count) return;
    pixels[leader] += pixels[prototype];
    pixels[prototype] = 0;
  });
  return pixels;
}
