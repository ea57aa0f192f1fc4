import type { RgbImage } from '../../domain/images.ts';
import { createGpuImageCache, type GpuImageCache } from './cache.ts';
import { createDispatcher, createGrowingBuffer, type AugmentDispatch, type GrowingBuffer } from './dispatch.ts';
import { layOutRows, type PlannedView, type RowLayout, type ViewLists, type ViewRecipe, writeRecords } from './plan.ts';
import { createTapTable, type TapTable } from './taps.ts';
import { BLUR_PASSES } from '../../lib/extendedBox.ts';
import { BLUR_STRIP } from './blur.ts';

/** Both views of a picture that the augmenter holds. */
export interface AugmentItem {
  readonly image: number;
  readonly views: readonly [ViewRecipe, ViewRecipe];
}

export interface AugmenterOptions {
  /** Sides of a view in pixels. */
  readonly cropSize: number;
  /** Most pictures in a batch. */
  readonly maxBatch: number;
  /** GPU memory for pictures, 4 bytes a pixel. Exceeded only where the pictures held at once need more. */
  readonly cacheBytes: number;
  /** Interleaved 8-bit RGB → floats; called once, with every level in all three channels. */
  normalize(pixels: Uint8Array, target: Float32Array): void;
}

/**
 * Two-crop augmentation on the GPU, equal to the plain code in every bit. Pictures may be brought in well ahead of
 * their batch; but submit what `encode` wrote before the next call of `store` or `encode`, which write to buffers that
 * it reads.
 */
export interface GpuAugmenter {
  /** The size of a picture that is on the GPU, which then stays until an `encode` has used it; else undefined. */
  hold(index: number): { readonly width: number; readonly height: number } | undefined;
  /** Puts a picture on the GPU, where it stays until an `encode` has used it. */
  store(index: number, image: RgbImage): void;
  /** Undoes one `hold` or `store`, for a picture whose batch won't be encoded. */
  release(index: number): void;
  /**
   * Encodes the views of a batch of B pictures, normalized, as f32 [2B,size,size,3], view 1 of all pictures first, into
   * `target.buffer` (of usage STORAGE) from `target.offset` on, counted in floats. Every item undoes one `hold` or
   * `store`. Throws RangeError for a batch too large or a recipe that doesn't fit, Error for a picture not there.
   */
  encode(pass: GPUComputePassEncoder, batch: readonly AugmentItem[], target: AugmentTarget): void;
  destroy(): void;
}

export interface AugmentTarget {
  readonly buffer: GPUBuffer;
  /** In floats. */
  readonly offset: number;
}

/** Rows of views that are resized together stay within this; a single view may need more. */
const MOST_ROW_BYTES = 1 << 26;

interface Memory {
  readonly size: number;
  readonly cache: GpuImageCache;
  readonly taps: TapTable;
  /** Rows between the passes of resizing; later the other side of the passes of blur. */
  readonly rows: GrowingBuffer;
  /** 8-bit views of a batch, a word a pixel. */
  readonly views: GPUBuffer;
  /** Mean gray of every view. */
  readonly means: GPUBuffer;
  /** Float of every level in every channel. */
  readonly levels: GPUBuffer;
}

/** Compiles the kernels; resolves when all are ready. Rejects with the browser's error where one can't be compiled. */
export async function createGpuAugmenter(device: GPUDevice, options: AugmenterOptions): Promise<GpuAugmenter> {
  const dispatcher = await createDispatcher(device);
  const memory = allocate(device, options);
  const { cache, taps, rows, views, means, levels } = memory;
  const { maxStorageBufferBindingSize, minStorageBufferOffsetAlignment } = device.limits;
  const mostRowWords = Math.min(MOST_ROW_BYTES, maxStorageBufferBindingSize) / 4;
  return {
    hold: cache.hold,
    store: cache.store,
    release: cache.release,
    encode: (pass, batch, target) => {
      if (batch.length < 1 || batch.length > options.maxBatch)
        throw new RangeError(
          `a batch of ${batch.length} pictures; the augmenter was made for 1 to ${options.maxBatch}`,
        );
      const planned = ([0, 1] as const).flatMap((view) => batch.map((item) => plannedView(cache, item, view)));
      const layout = layOutRows(planned, rowPitch(memory.size), mostRowWords);
      const sizes = new Set(planned.flatMap(({ recipe: { box } }) => [box.width, box.height]));
      const records = writeRecords(planned, layout.places, taps.place(sizes));
      const words = Array.from(records.words);
      const list = (members: readonly number[]): number => words.push(...members) - members.length;
      const dispatches = [
        ...resizing(memory, layout, list),
        ...recoloring(memory, records.lists, list),
        normalizing(memory, target, planned.length, minStorageBufferOffsetAlignment),
      ];
      dispatcher.run(pass, dispatches, Uint32Array.from(words));
      for (const { image } of batch) cache.release(image);
    },
    destroy: () => [dispatcher, cache, taps, rows, views, means, levels].forEach((resource) => resource.destroy()),
  };
}

function allocate(device: GPUDevice, { cropSize, maxBatch, cacheBytes, normalize }: AugmenterOptions): Memory {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const viewBytes = 2 * maxBatch * cropSize * cropSize * 4;
  const levels = new Float32Array(256 * 3);
  normalize(
    Uint8Array.from(levels, (_, at) => Math.floor(at / 3)),
    levels,
  );
  const memory = {
    size: cropSize,
    cache: createGpuImageCache(device, cacheBytes),
    taps: createTapTable(device, cropSize),
    rows: createGrowingBuffer(device, usage, Math.max(viewBytes, 16)),
    views: device.createBuffer({ label: 'augment views', size: viewBytes, usage }),
    means: device.createBuffer({ label: 'augment means', size: 2 * maxBatch * 4, usage }),
    levels: device.createBuffer({ label: 'augment levels', size: levels.byteLength, usage }),
  };
  device.queue.writeBuffer(memory.levels, 0, levels);
  return memory;
}

function plannedView(cache: GpuImageCache, { image, views }: AugmentItem, view: 0 | 1): PlannedView {
  const found = cache.find(image);
  if (!found) throw new Error(`picture ${image} is not on the GPU: hold or store it before its batch is encoded`);
  return { recipe: views[view], image: found };
}

/** Words of a row of resized pixels: whole groups of four. */
const rowPitch = (size: number): number => Math.ceil(size / 4) * 4;

/** Appends views to the plan; returns where they begin. */
type List = (members: readonly number[]) => number;

function resizing({ size, taps, rows, views }: Memory, { groups, words }: RowLayout, list: List): AugmentDispatch[] {
  const between = { buffer: rows.ensure(words * 4) };
  const weights = { buffer: taps.buffer() };
  return groups.flatMap(({ page, views: members, mostRows }): AugmentDispatch[] => {
    const shared = { fields: { first: list(members), size, pitch: rowPitch(size) }, views: members.length };
    return [
      { kernel: 'rows', buffers: [weights, { buffer: page }, between], items: [size, mostRows / 4], ...shared },
      { kernel: 'columns', buffers: [weights, between, { buffer: views }], items: [size / 4, size], ...shared },
    ];
  });
}

function recoloring(memory: Memory, { stages, contrasted, blurred }: ViewLists, list: List): AugmentDispatch[] {
  const { size, rows, views, means } = memory;
  const pixels = [size * size, 1] as const;
  const [gray, image, other] = [means, views, rows.ensure(0)].map((buffer) => ({ buffer }));
  const dispatches: AugmentDispatch[] = [];
  const add = (members: readonly number[], ...parts: Omit<AugmentDispatch, 'views'>[]): void => {
    if (members.length === 0) return;
    const first = list(members);
    for (const part of parts)
      dispatches.push({ ...part, fields: { ...part.fields, first, size }, views: members.length });
  };
  const color = (kernel: 'color' | 'hue', stage: number) =>
    ({ kernel, buffers: [gray, image], fields: { stage }, items: pixels }) as const;
  add(stages[0].plain, color('color', 0));
  add(stages[0].turned, color('hue', 0));
  add(contrasted, { kernel: 'means', buffers: [image, gray], fields: {}, items: [1, 1] });
  add(stages[1].plain, color('color', 1));
  add(stages[1].turned, color('hue', 1));
  const axes = [
    { step: 1, lineStep: size },
    { step: size, lineStep: 1 },
  ];
  const passes = axes.flatMap((fields) => new Array<typeof fields>(BLUR_PASSES).fill(fields));
  const items = [size, Math.ceil(size / BLUR_STRIP)] as const;
  // An even number of passes to and fro ends where it began.
  const blur = passes.map((fields, pass) => {
    const buffers = pass % 2 === 0 ? [image, other] : [other, image];
    return { kernel: 'blur' as const, buffers, fields, items };
  });
  add(blurred, ...blur);
  return dispatches;
}

function normalizing(
  memory: Memory,
  { buffer, offset }: AugmentTarget,
  count: number,
  alignment: number,
): AugmentDispatch {
  const { size, levels, views } = memory;
  // Bindings begin at multiples of the alignment; the kernel skips the rest.
  const skipped = offset % (alignment / 4);
  const crops = { buffer, offset: (offset - skipped) * 4, size: (skipped + count * size * size * 3) * 4 };
  return {
    kernel: 'normalize',
    buffers: [{ buffer: levels }, { buffer: views }, crops],
    fields: { size, offset: skipped },
    items: [size * size, 1],
    views: count,
  };
}
