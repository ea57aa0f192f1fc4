import type { ImageSource, RgbImage } from '../domain/images.ts';
import type { RegionOrigin } from '../domain/regions.ts';
import { crc32 } from '../lib/zip/crc32.ts';
import { inferWholeImages, type OnImages } from '../inference/coveredImages.ts';
import { createInference, inferDots } from '../inference/inference.ts';
import { overlaySize } from '../inference/segmenter.ts';
import { joinSquares } from '../inference/wholeImage.ts';
import { argmaxAt } from '../metrics/nearest.ts';
import type { Engine } from '../ops/engine.ts';
import { PREFIX } from '../slotcon/networks.ts';
import type { Model } from '../slotcon/model.ts';
import { assign, normalized, poolSlot, type PooledShape } from './poolSlots.ts';

/** A photograph with its regions, in the order of their prototypes. */
export interface PhotographRegions {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  /** Of its file in ms since 1970; NaN if unknown. */
  readonly date: number;
  readonly rows: number;
  readonly columns: number;
  /** Prototype of each cell. */
  readonly winners: Uint16Array;
  /** Mean color of each cell, 8-bit RGB, [rows·columns,3]. */
  readonly colors: Uint8Array;
  readonly regions: readonly Region[];
}

export interface Region {
  readonly prototype: number;
  readonly area: number;
  readonly box: readonly [left: number, top: number, right: number, bottom: number];
  readonly confidence: number;
  /** [D], of unit length. */
  readonly vector: Float32Array;
}

/** What a pass over these images with this model would find: passes of the same origin find the same. */
export async function regionOrigin(
  engine: Engine,
  model: Model,
  step: number,
  images: ImageSource,
): Promise<RegionOrigin> {
  const { config } = model;
  // They move with every step, and differ between any two runs.
  const prototypes = await engine.read(model.entry(`${PREFIX.teacher.grouping}.slot_embed.weight`).variable);
  return {
    step,
    model: crc32(new Uint8Array(prototypes.buffer, prototypes.byteOffset, prototypes.byteLength)).toString(16),
    datasetName: images.name,
    datasetFingerprint: images.fingerprint,
    images: images.count,
    prototypes: config.prototypes,
    dimensions: config.outDim,
    side: overlaySize(config),
  };
}

/** Yields the photographs from index `start` on with their regions: the slots that win a cell, of the whole photograph. */
export async function* findRegions(
  engine: Engine,
  model: Model,
  images: ImageSource,
  start: number,
  onProgress?: OnImages,
): AsyncGenerator<PhotographRegions> {
  const { config } = model;
  const shape = { dimensions: config.outDim, prototypes: config.prototypes, temperature: config.teacherTemp };
  const inference = createInference(engine, model, (pixels) => inferDots(model, 'teacher', pixels));
  const indices = Array.from({ length: images.count - start }, (_, at) => start + at);
  try {
    const outputs = ['z', 'dots'] as const;
    for await (const inferred of inferWholeImages(inference, outputs, config, images, indices, onProgress)) {
      const { imageIndex, image, cover, parts } = inferred;
      const { dots: z } = joinSquares(cover, parts.z, shape.dimensions);
      const { dots, rows, columns } = joinSquares(cover, parts.dots, shape.prototypes);
      const { width, height } = images.dimensions(imageIndex);
      yield {
        path: images.path(imageIndex),
        width,
        height,
        date: images.date?.(imageIndex) ?? NaN,
        ...regionsOf(z, dots, rows, columns, shape),
        colors: cellColors(image, rows, columns),
      };
    }
  } finally {
    inference.dispose();
  }
}

/** Regions of a photograph whose cells have the projections z [rows·columns,D] and the dots [rows·columns,K]. */
export function regionsOf(
  z: Float32Array,
  dots: Float32Array,
  rows: number,
  columns: number,
  shape: PooledShape,
): Pick<PhotographRegions, 'rows' | 'columns' | 'winners' | 'regions'> {
  const { prototypes } = shape;
  const assignment = assign(dots, shape);
  const winners = Uint16Array.from({ length: rows * columns }, (_, cell) =>
    argmaxAt(dots, cell * prototypes, prototypes),
  );
  const regions = [...new Set(winners)]
    .sort((a, b) => a - b)
    .map((prototype): Region => {
      const { cells, confidence, box } = extentOf(winners, prototype, columns, assignment, prototypes);
      return {
        prototype,
        area: cells / winners.length,
        box: [box.left / columns, box.top / rows, box.right / columns, box.bottom / rows],
        confidence: confidence / cells,
        vector: normalized(poolSlot(z, assignment, prototype, shape)),
      };
    });
  return { rows, columns, winners, regions };
}

/** Means over the pixels of each cell, 8-bit RGB, [rows·columns,3]. */
export function cellColors({ data, width, height }: RgbImage, rows: number, columns: number): Uint8Array {
  const colors = new Uint8Array(3 * rows * columns);
  for (let row = 0; row < rows; row++) {
    const [top, bottom] = extent(row, rows, height);
    for (let column = 0; column < columns; column++) {
      const [left, right] = extent(column, columns, width);
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) sum += data[3 * (y * width + x) + channel];
        }
        colors[3 * (row * columns + column) + channel] = Math.round(sum / ((bottom - top) * (right - left)));
      }
    }
  }
  return colors;
}

/** Pixels of a cell along one side: at least one. */
function extent(cell: number, cells: number, pixels: number): [from: number, to: number] {
  const from = Math.floor((cell * pixels) / cells);
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * pixels) / cells))];
}

/** Number of cells that a prototype wins, the sum of their assignments to it, and the box around them. */
function extentOf(
  winners: Uint16Array,
  prototype: number,
  columns: number,
  assignment: Float32Array,
  prototypes: number,
) {
  const box = { left: Infinity, top: Infinity, right: 0, bottom: 0 };
  let [cells, confidence] = [0, 0];
  winners.forEach((winner, cell) => {
    if (winner !== prototype) return;
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    cells++;
    confidence += assignment[cell * prototypes + prototype];
    box.left = Math.min(box.left, column);
    box.top = Math.min(box.top, row);
    box.right = Math.max(box.right, column + 1);
    box.bottom = Math.max(box.bottom, row + 1);
  });
  return { cells, confidence, box };
}
