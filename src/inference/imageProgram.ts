import type { ImageSource, RgbImage } from '../domain/images.ts';
import { resizeCenterCrop } from '../data/augment/resample.ts';
import type { Engine } from '../ops/engine.ts';
import type { Program } from '../ops/ops.ts';
import type { Tensor } from '../ops/tensor.ts';
import { encode, project, prototypesOf, type NormMode } from '../slotcon/forward.ts';
import type { NetworkName } from '../slotcon/networks.ts';
import { semanticGrouping } from '../slotcon/grouping.ts';
import type { Model } from '../slotcon/model.ts';
import { normalizePixels } from '../data/normalize.ts';

/** What a network says of pictures, and how many cells it sees them in. */
export type InferenceOutput<Output extends string> = Readonly<Record<Output, Float32Array>> & {
  readonly height: number;
  readonly width: number;
};

/** Looks at pictures with a model that stays as it is. Runs must not overlap. */
export interface ImageProgram<Output extends string> {
  /** Pictures of one size. The first run for so many of that size takes longest. */
  run(images: readonly RgbImage[]): Promise<InferenceOutput<Output>>;
  /** Frees what the runs needed; the model stays. */
  dispose(): void;
}

/** How many pictures go through a model together where there are many; their number changes nothing but the speed. */
export const IMAGES_PER_PASS = 16;

/** As many pictures as one program takes, the last ones copies that are not read: every other number is a program of its own. */
export function filledUp(images: readonly RgbImage[], count: number = IMAGES_PER_PASS): RgbImage[] {
  return Array.from({ length: count }, (_, at) => images[Math.min(at, images.length - 1)]);
}

/** The center squares of `count` images, filled up. */
export async function centerSquares(
  images: ImageSource,
  start: number,
  count: number,
  size: number,
): Promise<RgbImage[]> {
  const squares: RgbImage[] = [];
  for (let at = start; at < start + count; at++) {
    squares.push(resizeCenterCrop(await images.get(at), size, size, 'bilinear'));
  }
  return filledUp(squares);
}

/** `body` makes its outputs, which arrive on the host, from normalized pictures [N,H,W,3]. */
export function createImageProgram<Output extends string>(
  engine: Engine,
  model: Model,
  body: (images: Tensor) => Readonly<Record<Output, Tensor>>,
): ImageProgram<Output> {
  const programs = new Map<string, Program<'images', Output>>();
  const programFor = async (shape: readonly number[]): Promise<Program<'images', Output>> => {
    const key = shape.join();
    const program = programs.get(key) ?? (await engine.program({ images: shape }, ({ images }) => body(images)));
    programs.set(key, program);
    return program;
  };
  return {
    run: async (images) => {
      const { width, height } = images[0];
      const pixels = width * height * 3;
      const input = new Float32Array(images.length * pixels);
      images.forEach(({ data }, index) => normalizePixels(data, input.subarray(index * pixels, (index + 1) * pixels)));
      const program = await programFor([images.length, height, width, 3]);
      const answers = await program.run({ images: input });
      const [h, w] = model.networks.encoder.outputSize(height, width);
      return { ...answers, height: h, width: w };
    },
    dispose: () => {
      for (const program of programs.values()) program.dispose();
      programs.clear();
    },
  };
}

/**
 * Projections z [N,h·w,D] of one network and the cosines of its prototypes with them, dots [N,h·w,K]. BatchNorm goes by
 * the running statistics, so that what is seen in a picture doesn't depend on the others.
 */
export function inferDots(model: Model, network: NetworkName, images: Tensor): { z: Tensor; dots: Tensor } {
  const mode: NormMode = { kind: 'running' };
  const features = encode(model, network, images, mode);
  const z = project(model, network, features.y, mode).y;
  return { z, dots: semanticGrouping(z, prototypesOf(model, network), model.config.teacherTemp).dots };
}
