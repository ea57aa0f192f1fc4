import { sizeOf } from '../../lib/shape.ts';
import { TensorTooLargeError } from '../ops.ts';
import type { Value } from './graph.ts';
import type { Dispatch } from './schedule/schedule.ts';

/** Memory of a program's values in its own pages; sizes and offsets in floats. */
export interface Plan {
  readonly offsets: ReadonlyMap<Value, { readonly page: number; readonly offset: number }>;
  /** Floats of each page. */
  readonly pages: readonly number[];
  readonly report: MemoryReport;
}

export interface MemoryReport {
  readonly plannedBytes: number;
  /** Peak size of the values alive at once: a lower bound of any plan. */
  readonly livePeakBytes: number;
  /** Size without reuse of memory. */
  readonly withoutReuseBytes: number;
}

/** Offsets are multiples of this, in floats, for vectors, bindings and copies. */
const ALIGNMENT = 64;

const padded = (floats: number): number => Math.ceil(floats / ALIGNMENT) * ALIGNMENT;

interface Lifetime {
  readonly value: Value;
  readonly size: number;
  /** Dispatch that writes it; −1 if it is there from the start. */
  readonly from: number;
  /** Last dispatch that reads it. */
  to: number;
  readonly apart: boolean;
}

/**
 * Assigns memory to values, the same to values that aren't alive together. Places the largest first, each at the lowest
 * offset where it fits, which comes close to the peak of the values alive. `resident`: alive throughout (constants);
 * `inputs`: alive from the start; `outputs`: alive until the end; `isOwned`: has memory elsewhere (variables).
 */
export function planMemory(
  dispatches: readonly Dispatch[],
  resident: readonly Value[],
  inputs: readonly Value[],
  outputs: readonly Value[],
  isOwned: (value: Value) => boolean,
  maxPageFloats: number,
): Plan {
  const lifetimes = new Map<Value, Lifetime>();
  const begin = (value: Value, from: number, to: number): void => {
    if (isOwned(value)) return;
    const { shape, origin } = value;
    const apart = origin.kind === 'map' && origin.map.apart;
    lifetimes.set(value, { value, size: padded(sizeOf(shape)), from, to, apart });
  };
  for (const value of resident) begin(value, -1, dispatches.length);
  for (const value of inputs) begin(value, -1, -1);
  dispatches.forEach(({ reads, writes }, index) => {
    for (const value of writes) begin(value, index, index);
    for (const value of reads) {
      const life = lifetimes.get(value);
      if (life) life.to = Math.max(life.to, index);
    }
  });
  for (const value of outputs) {
    const life = lifetimes.get(value);
    if (life) life.to = dispatches.length;
  }
  const all = [...lifetimes.values()].sort((a, b) => b.size - a.size || a.value.id - b.value.id);
  const { offsets, pages } = place(all, maxPageFloats);
  const total = (sizes: readonly number[]): number => 4 * sizes.reduce((sum, size) => sum + size, 0);
  return {
    offsets,
    pages,
    report: {
      plannedBytes: total(pages),
      livePeakBytes: 4 * livePeak(all, dispatches.length),
      withoutReuseBytes: total(all.map(({ size }) => size)),
    },
  };
}

interface Page {
  readonly apart: boolean;
  readonly placed: { life: Lifetime; offset: number }[];
  size: number;
}

/** Floats up to which values share the page that was begun last: a kernel binds few pages besides its large operands. */
const SMALL = 2 ** 18;

/** The page and offset for a value; begins a page where no other has room. */
function findRoom(pages: Page[], life: Lifetime, limit: number): { page: number; offset: number } {
  for (let tried = 0; tried < pages.length; tried++) {
    const page = life.size <= SMALL ? pages.length - 1 - tried : tried;
    if (pages[page].apart !== life.apart) continue;
    const offset = lowestGap(pages[page].placed, life, limit);
    if (offset >= 0) return { page, offset };
  }
  return { page: pages.push({ apart: life.apart, placed: [], size: 0 }) - 1, offset: 0 };
}

function place(all: readonly Lifetime[], maxPageFloats: number) {
  const offsets = new Map<Value, { page: number; offset: number }>();
  const pages: Page[] = [];
  for (const life of all) {
    if (life.size > maxPageFloats) {
      throw new TensorTooLargeError(
        life.size / maxPageFloats,
        `One tensor [${life.value.shape.join(', ')}] takes ${mebibytes(life.size)} MiB, but this adapter binds at most ` +
          `${mebibytes(maxPageFloats)} MiB at once. Lower "Batch size", "Crop size" or "Width".`,
      );
    }
    const { page, offset } = findRoom(pages, life, maxPageFloats);
    const { placed } = pages[page];
    placed.push({ life, offset });
    placed.sort((a, b) => a.offset - b.offset);
    pages[page].size = Math.max(pages[page].size, offset + life.size);
    offsets.set(life.value, { page, offset });
  }
  return { offsets, pages: pages.map(({ size }) => size) };
}

/** Lowest offset where a value overlaps none that is alive with it, −1 where the page is too full. */
function lowestGap(placed: readonly { life: Lifetime; offset: number }[], life: Lifetime, limit: number): number {
  let offset = 0;
  for (const other of placed) {
    if (other.life.from > life.to || other.life.to < life.from) continue;
    if (other.offset - offset >= life.size) break;
    offset = Math.max(offset, other.offset + other.life.size);
  }
  return offset + life.size <= limit ? offset : -1;
}

function livePeak(all: readonly Lifetime[], steps: number): number {
  const change = new Array<number>(steps + 3).fill(0);
  for (const { size, from, to } of all) {
    change[from + 1] += size;
    change[to + 2] -= size;
  }
  let [alive, peak] = [0, 0];
  for (const delta of change) {
    alive += delta;
    peak = Math.max(peak, alive);
  }
  return peak;
}

const mebibytes = (floats: number): string => ((4 * floats) / 2 ** 20).toFixed(0);
