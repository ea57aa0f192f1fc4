import { upload } from '../../gpu/upload.ts';
import { sizeOf } from '../../lib/shape.ts';
import type { HandleVariable, VariableBytes } from '../ops.ts';

/** Part of a buffer; offset and size in floats. */
export interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** Alignment of variables, in floats, for bindings, copies and vectors. */
const ALIGNMENT = 64;
/** Floats per page of small variables: updates of variables in different pages take different dispatches. */
const PAGE = 2 ** 22;

/** Floats of a new page for a variable of `size` floats that has no room in the page before. */
const pageFloats = (size: number): number => Math.max(PAGE, size);

const paddedFloats = (shape: readonly number[]): number => Math.ceil(sizeOf(shape) / ALIGNMENT) * ALIGNMENT;

/** Bytes that variables of these shapes take, added in this order, and a snapshot of them. */
export function variableBytes(shapes: readonly (readonly number[])[]): VariableBytes {
  let [pages, free, sizes] = [0, 0, 0];
  for (const size of shapes.map(paddedFloats)) {
    if (size > free) {
      free = pageFloats(size);
      pages += free;
    }
    free -= size;
    sizes += size;
  }
  return { variables: 4 * pages, snapshot: 4 * sizes };
}

/** Variables side by side in a few large buffers, and copies of them. */
export class VariableMemory {
  private readonly ranges = new Map<HandleVariable, Range>();
  private readonly pages: { buffer: GPUBuffer; size: number; used: number; alive: number }[] = [];
  private readonly pool = new Map<string, (readonly GPUBuffer[])[]>();
  private snapshots = 0;

  constructor(private readonly device: GPUDevice) {}

  /** Variables, pages and snapshots alive. */
  count(): number {
    return this.ranges.size + this.pages.length + this.snapshots;
  }

  rangeOf(variable: HandleVariable): Range {
    const range = this.ranges.get(variable);
    if (!range) throw new Error(`variable "${variable.name}" was discarded`);
    return range;
  }

  add(variable: HandleVariable, data: Float32Array): void {
    const size = paddedFloats(variable.shape);
    let page = this.pages.at(-1);
    if (page === undefined || page.used + size > page.size) {
      const floats = pageFloats(size);
      page = { buffer: this.createBuffer(floats), size: floats, used: 0, alive: 0 };
      this.pages.push(page);
    }
    this.ranges.set(variable, { buffer: page.buffer, offset: page.used, size });
    page.used += size;
    page.alive++;
    this.write(variable, data);
  }

  write(variable: HandleVariable, data: Float32Array): void {
    const wanted = sizeOf(variable.shape);
    if (data.length !== wanted) {
      throw new Error(`"${variable.name}" [${variable.shape.join(', ')}] has ${wanted} numbers, not ${data.length}`);
    }
    const { buffer, offset } = this.rangeOf(variable);
    upload(this.device, buffer, 4 * offset, data);
  }

  discard(variable: HandleVariable): void {
    const { buffer } = this.rangeOf(variable);
    this.ranges.delete(variable);
    // The model is being disposed of: no further snapshots of it.
    for (const copy of [...this.pool.values()].flat(2)) copy.destroy();
    this.pool.clear();
    const index = this.pages.findIndex((page) => page.buffer === buffer);
    if (--this.pages[index].alive > 0) return;
    buffer.destroy();
    this.pages.splice(index, 1);
  }

  /** Copies the present values of variables. */
  snapshot(variables: readonly HandleVariable[]): { restore: () => void; release: () => void } {
    const runs = joined(variables.map((variable) => this.rangeOf(variable)));
    // A copy for each page: one of a large model would exceed what adapters grant a buffer.
    const form = runs.map(({ size }) => size).join();
    const copies = this.pool.get(form)?.pop() ?? runs.map(({ size }) => this.createBuffer(size));
    this.snapshots++;
    const transfer = (back: boolean): void => {
      const encoder = this.device.createCommandEncoder();
      for (const [at, { buffer, offset, size }] of runs.entries()) {
        if (back) encoder.copyBufferToBuffer(copies[at], 0, buffer, 4 * offset, 4 * size);
        else encoder.copyBufferToBuffer(buffer, 4 * offset, copies[at], 0, 4 * size);
      }
      this.device.queue.submit([encoder.finish()]);
    };
    transfer(false);
    return {
      restore: () => transfer(true),
      // Reused by the next snapshot of this form: a run takes one per step.
      release: () => {
        this.snapshots--;
        this.pool.set(form, [...(this.pool.get(form) ?? []), copies]);
      },
    };
  }

  private createBuffer(floats: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.device.createBuffer({ size: 4 * floats, usage });
  }
}

/** Neighboring ranges as one, so that a few copies move hundreds of variables. */
function joined(ranges: readonly Range[]): Range[] {
  const runs: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const index = runs.findIndex(
      ({ buffer, offset, size }) => buffer === range.buffer && offset + size === range.offset,
    );
    if (index < 0) runs.push(range);
    else runs[index] = { ...runs[index], size: runs[index].size + range.size };
  }
  return runs;
}
