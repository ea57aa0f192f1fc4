import type { SafetensorsFile } from '../../checkpoint/safetensors/readSafetensors.ts';
import type { StoredTensor } from '../../checkpoint/safetensors/storedTensor.ts';
import type { Config } from '../../config/fields.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import type { Box, TwoCrops } from '../../domain/images.ts';

/** A set of reference numbers: its description as JSON, and its tensors. */
export interface Golden {
  readonly json: GoldenJson;
  readonly file: SafetensorsFile;
}

export interface Tolerance {
  readonly recommended_max_over_maxabs: number;
  readonly floor_maxabs: number;
}

export interface GoldenArgs {
  readonly arch: string;
  readonly base_lr: number;
  readonly batch_size: number;
  readonly center_momentum: number;
  readonly dim_hidden: number;
  readonly dim_out: number;
  readonly epochs: number;
  readonly group_loss_weight: number;
  readonly momentum: number;
  readonly num_instances: number;
  readonly num_prototypes: number;
  readonly optimizer: string;
  readonly student_temp: number;
  readonly teacher_momentum: number;
  readonly teacher_temp: number;
  readonly warmup_epoch: number;
  readonly warmup_multiplier: number;
  readonly weight_decay: number;
  readonly width: number;
}

export interface GoldenJson {
  readonly item: string;
  readonly args: GoldenArgs;
  readonly tolerances: Readonly<Record<string, Tolerance>>;
  readonly [key: string]: unknown;
}

/** Settings that a golden was computed with. */
export function goldenConfig(args: GoldenArgs): Config {
  return makeConfig(DEFAULT_CONFIG, {
    arch: args.arch as Config['arch'],
    width: args.width,
    steps: 0,
    epochs: args.epochs,
    batchSize: args.batch_size,
    hiddenDim: args.dim_hidden,
    outDim: args.dim_out,
    prototypes: args.num_prototypes,
    teacherTemp: args.teacher_temp,
    studentTemp: args.student_temp,
    teacherMomentum: args.teacher_momentum,
    centerMomentum: args.center_momentum,
    groupLossWeight: args.group_loss_weight,
    optimizer: args.optimizer as Config['optimizer'],
    baseLearningRate: args.base_lr,
    momentum: args.momentum,
    weightDecay: args.weight_decay,
    warmupEpochs: args.warmup_epoch,
    warmupMultiplier: args.warmup_multiplier,
  });
}

export function tensor(file: SafetensorsFile, name: string): StoredTensor {
  const stored = file.tensors.get(name);
  if (stored === undefined) throw new Error(`the golden has no tensor "${name}"`);
  return stored;
}

/** Values of any numeric type as plain numbers. */
export function numbers(file: SafetensorsFile, name: string): ArrayLike<number> {
  const { data } = tensor(file, name);
  return data instanceof BigInt64Array ? Array.from(data, Number) : data;
}

/** Tensors whose names start with a prefix, by the rest of their names. */
export function under(file: SafetensorsFile, prefix: string): Map<string, StoredTensor> {
  const entries = [...file.tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(entries.map(([name, stored]) => [name.slice(prefix.length), stored]));
}

/** A stored batch in the augmentation's format; pixels may be in another file. */
export function goldenBatch(
  pixels: { readonly file: SafetensorsFile; readonly prefix: string },
  boxes: { readonly file: SafetensorsFile; readonly prefix: string },
): { samples: TwoCrops[]; height: number; width: number } {
  const [count, , height, width] = tensor(pixels.file, `${pixels.prefix}crop0_u8`).shape;
  const crops = [0, 1].map((view) => numbers(pixels.file, `${pixels.prefix}crop${view}_u8`));
  const coords = [0, 1].map((view) => numbers(boxes.file, `${boxes.prefix}coords${view}`));
  const flags = [0, 1].map((view) => numbers(boxes.file, `${boxes.prefix}flags${view}`));
  const samples = Array.from({ length: count }, (_, index): TwoCrops => {
    const view = (which: 0 | 1): { crop: Uint8Array; box: Box; flip: boolean } => ({
      crop: interleave(crops[which], index, height * width),
      box: [0, 1, 2, 3].map((side) => coords[which][index * 4 + side]) as unknown as Box,
      flip: flags[which][index] !== 0,
    });
    const [first, second] = [view(0), view(1)];
    return {
      crops: [first.crop, second.crop],
      coords: [first.box, second.box],
      flips: [first.flip, second.flip],
    };
  });
  return { samples, height, width };
}

/** Image `index` of [N,3,area] as [area,3]. */
function interleave(planes: ArrayLike<number>, index: number, area: number): Uint8Array {
  const pixels = new Uint8Array(area * 3);
  for (let channel = 0; channel < 3; channel++) {
    const start = (index * 3 + channel) * area;
    for (let at = 0; at < area; at++) pixels[at * 3 + channel] = planes[start + at];
  }
  return pixels;
}

/** [N,C,area] → [N,area,C] */
export function channelsLast(data: ArrayLike<number>, channels: number, area: number): Float32Array {
  const moved = new Float32Array(data.length);
  const images = data.length / (channels * area);
  for (let n = 0; n < images; n++) {
    for (let c = 0; c < channels; c++) {
      for (let at = 0; at < area; at++) moved[(n * area + at) * channels + c] = data[(n * channels + c) * area + at];
    }
  }
  return moved;
}
