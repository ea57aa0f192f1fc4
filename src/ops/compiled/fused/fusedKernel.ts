import { HEAD_NUMBERS, headNumber, type Kernel } from '../../../gpu/kernel.ts';
import type { Value } from '../graph.ts';
import type { Place } from '../materialize.ts';

/** Threads of a workgroup, where a kernel doesn't say otherwise. */
export const THREADS = 64;
/** Workgroups in a row of the grid; more go into further rows. */
const GRID_WIDTH = 32768;

/**
 * A kernel made of maps, or a reduction over them, for one set of operands. Several of the same form run as one
 * dispatch: whatever differs is in a header of numbers per kernel, and each workgroup has a row with the position of
 * its header and its first element.
 */
export interface FusedKernel {
  readonly name: string;
  readonly vector: boolean;
  readonly usesSubgroups: boolean;
  /**
   * WGSL with arrays by position in `reads`, then `writes`; `number` returns the code that loads a number of the
   * header. Equal text means the same form.
   */
  code(arrays: readonly string[], frame: Frame): string;
  readonly reads: readonly Place[];
  readonly writes: readonly Value[];
  /** offsets[i] belongs to operand i of `reads`, then `writes`. */
  header(offsets: readonly number[]): readonly number[];
  /** Elements between the starts of consecutive workgroups. */
  readonly workgroups: number;
  readonly span: number;
  readonly flop: number;
}

/** Code around the body of a kernel: loads of its numbers, and `start`, the first element of the workgroup. */
export interface Frame {
  /** For the outermost level of the body only. */
  number(position: number): string;
  /** Called last, after all calls of `number`; `threads`: of a workgroup. */
  main(body: readonly string[], threads?: number): string;
}

/** Frame of a single kernel: the header follows the number of workgroups and their span, readable as uniforms. */
const ALONE: Frame = {
  number: (position) => (2 + position < HEAD_NUMBERS ? headNumber(2 + position) : `table[${2 + position}]`),
  main: (body, threads) =>
    mainOf([`if (row >= ${headNumber(0)}) { return; }`, `let start = row * ${headNumber(1)};`, ...body], threads),
};

/**
 * Frame of merged kernels: the table has a row per workgroup with the position of its header and its first element.
 * With subgroups of `lanes` threads, each thread loads some of the numbers and broadcasts them: loads from storage
 * compile slowly.
 */
function mergedFrame(lanes: number | undefined): Frame {
  let count = 0;
  return {
    number: (position) => {
      count = Math.max(count, position + 1);
      if (lanes === undefined) return `table[h + ${position}u]`;
      return `subgroupBroadcast(numbers${Math.floor(position / lanes)}, ${position % lanes}u)`;
    },
    main: (body, threads) => {
      const loads =
        lanes === undefined
          ? []
          : Array.from(
              { length: Math.ceil(count / lanes) },
              (_, part) => `let numbers${part} = table[h + ${part * lanes}u + own];`,
            );
      const rows = [
        `if (row >= ${headNumber(0)}) { return; }`,
        'let h = table[1u + 2u * row];',
        'let start = table[2u + 2u * row];',
      ];
      const builtin = lanes === undefined ? '' : ', @builtin(subgroup_invocation_id) own: u32';
      return mainOf([...rows, ...loads, ...body], threads, builtin);
    },
  };
}

function mainOf(body: readonly string[], threads = THREADS, builtin = ''): string {
  return `
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32${builtin}) {
  let row = group.y * ${GRID_WIDTH}u + group.x;
  ${body.join('\n  ')}
}`;
}

/** Identifies the form of a kernel. */
export function formOf(kernel: FusedKernel): string {
  const operands = kernel.reads.length + kernel.writes.length;
  const arrays = Array.from({ length: operands }, (_, index) => `a${index}`);
  return `${kernel.vector}${kernel.code(arrays, mergedFrame(undefined))}`;
}

/**
 * Merges kernels of one form into one dispatch; its operands are those of the first, then those of the second, … A
 * single one is framed as `merged` too where others of its form are merged, so that they share a pipeline.
 */
export function mergeKernels(kernels: readonly FusedKernel[], merged: boolean, lanes: number | undefined): Kernel {
  const [first] = kernels;
  const operands = first.reads.length + first.writes.length;
  const count = kernels.reduce((total, { workgroups }) => total + workgroups, 0);
  const headerOf = (index: number, offsets: readonly number[]): readonly number[] =>
    kernels[index].header(offsets.slice(index * operands, (index + 1) * operands));
  return {
    name: first.name,
    element: first.vector ? 'vec4f' : 'f32',
    flop: kernels.reduce((total, kernel) => total + kernel.flop, 0),
    workgroups: [Math.min(count, GRID_WIDTH), Math.ceil(count / GRID_WIDTH), 1],
    ...(first.usesSubgroups || (merged && lanes !== undefined) ? { enables: ['subgroups'] } : {}),
    code: (arrays) => first.code(arrays.slice(0, operands), merged ? mergedFrame(lanes) : ALONE),
    table: (offsets) => {
      if (!merged) return [count, first.span, ...headerOf(0, offsets)];
      const rows: number[] = [];
      const headers: number[] = [];
      kernels.forEach(({ workgroups, span }, index) => {
        const at = 1 + 2 * count + headers.length;
        for (let workgroup = 0; workgroup < workgroups; workgroup++) rows.push(at, workgroup * span);
        headers.push(...headerOf(index, offsets));
      });
      return [count, ...rows, ...headers];
    },
  };
}
