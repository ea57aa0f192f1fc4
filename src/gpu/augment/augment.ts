import type { RgbImage } from '../../domain/images.ts';
import { BLUR_PASSES } from '../../lib/extendedBox.ts';
import { blurBox, blurKernel } from './blur.ts';
import { createGpuImageCache, type GpuImageCache } from './cache.ts';
import { colorKernel, colorStages, type ColorStage } from './color.ts';
import { createDispatcher, type KernelDispatch, type BufferPlace } from '../dispatch.ts';
import { createGrowingBuffer, type GrowingBuffer } from '../growingBuffer.ts';
import { meansKernel } from './means.ts';
import { normalizeKernel } from './normalize.ts';
import { checkBox, layOutRows, type PlannedView, type ViewRecipe } from './plan.ts';
import { resizeColumnsKernel, resizeRowsKernel, rowPitch } from './resize.ts';
import { createTapTable, type TapTable } from './taps.ts';
import { upload } from '../upload.ts';

/** Both views of an image that the augmenter holds. */
export interface AugmentItem {
  readonly image: number;
  readonly views: readonly [ViewRecipe, ViewRecipe];
}

interface AugmenterOptions {
  /** Sides of a view in pixels. */
  readonly cropSize: number;
  /** Maximum images per batch. */
  readonly maxBatch: number;
  /** GPU memory for images, 4 bytes per pixel. Exceeded only where the images held at once need more. */
  readonly cacheBytes: number;
  /** Interleaved 8-bit RGB → floats; called once, with every level in all three channels. */
  normalize(pixels: Uint8Array, target: Float32Array): void;
}

/**
 * Two-crop augmentation on the GPU, equal to the plain code in every bit. Images may be brought in well ahead of
 * their batch; but submit what `encode` wrote before the next call of `store` or `encode`, which write to buffers that
 * it reads.
 */
export interface GpuAugmenter {
  /** Holds an image on the GPU until an `encode` has used it, and returns its size; undefined if it isn't there. */
  hold(index: number): { readonly width: number; readonly height: number } | undefined;
  /** Puts an image on the GPU, where it stays until an `encode` has used it. */
  store(index: number, image: RgbImage): void;
  /** Undoes one `hold` or `store`, for an image whose batch won't be encoded. */
  release(index: number): void;
  /**
   * Encodes the views of a batch of B images, normalized, as f32 [2B,size,size,3], view 1 of all images first, into
   * `target.buffer` (of usage STORAGE) from `target.offset` on, counted in floats. Every item undoes one `hold` or
   * `store`. Throws RangeError for a batch too large or a recipe that doesn't fit, Error for an image not there.
   */
  encode(pass: GPUComputePassEncoder, batch: readonly AugmentItem[], target: BufferPlace): void;
  destroy(): void;
}

/** Rows of views that are resized together stay within this; a single view may need more. */
const MAX_ROW_BYTES = 1 << 26;

interface Memory {
  readonly size: number;
  readonly maxRowWords: number;
  readonly cache: GpuImageCache;
  readonly taps: TapTable;
  /** Rows between the passes of resizing; later the other side of the passes of blur. */
  readonly rows: GrowingBuffer;
  /** 8-bit views of a batch, a word per pixel. */
  readonly views: GPUBuffer;
  /** Mean gray of every view. */
  readonly means: GPUBuffer;
  /** Float of every level in every channel. */
  readonly levels: GPUBuffer;
}

/** Kernels without views, to be compiled. */
const KERNELS = [
  { kernel: resizeRowsKernel(1, 1, [], new Map()), operands: 3 },
  { kernel: resizeColumnsKernel(1, [], new Map()), operands: 3 },
  { kernel: meansKernel(1, []), operands: 2 },
  { kernel: colorKernel(1, false, []), operands: 2 },
  { kernel: colorKernel(1, true, []), operands: 2 },
  { kernel: blurKernel(1, 'rows', []), operands: 2 },
  { kernel: normalizeKernel(1, []), operands: 3 },
];

/** Compiles the kernels; resolves when all are ready. Rejects with the browser's error where one can't be compiled. */
export async function createGpuAugmenter(device: GPUDevice, options: AugmenterOptions): Promise<GpuAugmenter> {
  const dispatcher = await createDispatcher(device, KERNELS);
  const memory = allocate(device, options);
  const { cache, taps, rows, views, means, levels } = memory;
  return {
    hold: cache.hold,
    store: cache.store,
    release: cache.release,
    encode: (pass, batch, target) => {
      if (batch.length < 1 || batch.length > options.maxBatch)
        throw new RangeError(`a batch of ${batch.length} images; the augmenter was made for 1 to ${options.maxBatch}`);
      const planned = ([0, 1] as const).flatMap((view) => batch.map((item) => plannedView(cache, item, view)));
      planned.forEach(checkBox);
      dispatcher.run(pass, [
        ...resizing(memory, planned),
        ...recoloring(memory, planned),
        ...blurring(memory, planned),
        normalizing(memory, planned, target),
      ]);
      for (const { image } of batch) cache.release(image);
    },
    destroy: () => [dispatcher, cache, taps, rows, views, means, levels].forEach((resource) => resource.destroy()),
  };
}

const viewBytesOf = (cropSize: number, maxBatch: number): number => 2 * maxBatch * cropSize * cropSize * 4;

/** Bytes that an augmenter takes besides the images: views, and rows while they are resized. */
export function augmenterBytes(cropSize: number, maxBatch: number): number {
  const views = viewBytesOf(cropSize, maxBatch);
  return views + Math.max(views, MAX_ROW_BYTES);
}

function allocate(device: GPUDevice, { cropSize, maxBatch, cacheBytes, normalize }: AugmenterOptions): Memory {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
  const viewBytes = viewBytesOf(cropSize, maxBatch);
  const levels = new Float32Array(256 * 3);
  normalize(
    Uint8Array.from(levels, (_, at) => Math.floor(at / 3)),
    levels,
  );
  const memory = {
    size: cropSize,
    maxRowWords: Math.min(MAX_ROW_BYTES, device.limits.maxStorageBufferBindingSize) / 4,
    cache: createGpuImageCache(device, cacheBytes),
    taps: createTapTable(device, cropSize),
    rows: createGrowingBuffer(device, usage, Math.max(viewBytes, 16)),
    views: device.createBuffer({ label: 'augment views', size: viewBytes, usage }),
    means: device.createBuffer({ label: 'augment means', size: 2 * maxBatch * 4, usage }),
    levels: device.createBuffer({ label: 'augment levels', size: levels.byteLength, usage }),
  };
  upload(device, memory.levels, 0, levels);
  return memory;
}

function plannedView(cache: GpuImageCache, { image, views }: AugmentItem, view: 0 | 1): PlannedView {
  const found = cache.find(image);
  if (!found) throw new Error(`image ${image} is not on the GPU: hold or store it before its batch is encoded`);
  return { recipe: views[view], image: found };
}

/** The start of a buffer. */
const startOf = (buffer: GPUBuffer): BufferPlace => ({ buffer, offset: 0 });

function resizing({ size, maxRowWords, taps, rows, views }: Memory, planned: readonly PlannedView[]): KernelDispatch[] {
  const layout = layOutRows(planned, rowPitch(size), maxRowWords);
  const places = taps.place(new Set(planned.flatMap(({ recipe: { box } }) => [box.width, box.height])));
  const [weights, between, target] = [taps.buffer(), rows.ensure(layout.words * 4), views].map(startOf);
  return layout.groups.flatMap(({ page, views: members, maxRows }): KernelDispatch[] => {
    const resized = members.map((view) => ({ ...planned[view], view, place: layout.places[view] }));
    return [
      { kernel: resizeRowsKernel(size, maxRows, resized, places), operands: [weights, startOf(page), between] },
      { kernel: resizeColumnsKernel(size, resized, places), operands: [weights, between, target] },
    ];
  });
}

function recoloring({ size, views, means }: Memory, planned: readonly PlannedView[]): KernelDispatch[] {
  const stages = colorStages(planned.map(({ recipe }) => recipe.colors));
  const [gray, image] = [means, views].map(startOf);
  const coloring = ({ plain, turned }: ColorStage): KernelDispatch[] =>
    [plain, turned].flatMap((listed, hue) =>
      listed.length === 0 ? [] : { kernel: colorKernel(size * size, hue === 1, listed), operands: [gray, image] },
    );
  const { contrasted } = stages;
  return [
    ...coloring(stages.beforeContrast),
    ...(contrasted.length === 0 ? [] : [{ kernel: meansKernel(size * size, contrasted), operands: [image, gray] }]),
    ...coloring(stages.fromContrast),
  ];
}

function blurring({ size, rows, views }: Memory, planned: readonly PlannedView[]): KernelDispatch[] {
  const blurred = planned.flatMap(({ recipe: { blurSigma } }, view) => {
    const box = blurSigma === undefined ? undefined : blurBox(blurSigma);
    return box ? [{ view, box }] : [];
  });
  if (blurred.length === 0) return [];
  const [image, other] = [views, rows.ensure(0)].map(startOf);
  const axes = (['rows', 'columns'] as const).flatMap((axis) => new Array<typeof axis>(BLUR_PASSES).fill(axis));
  // After an even number of passes the result is in the first buffer.
  return axes.map((axis, pass) => ({
    kernel: blurKernel(size, axis, blurred),
    operands: pass % 2 === 0 ? [image, other] : [other, image],
  }));
}

function normalizing(
  { size, levels, views }: Memory,
  planned: readonly PlannedView[],
  target: BufferPlace,
): KernelDispatch {
  const solarized = planned.map(({ recipe }) => recipe.solarize);
  return { kernel: normalizeKernel(size * size, solarized), operands: [startOf(levels), startOf(views), target] };
}
