import type { RgbImage } from '../domain/images.ts';
import type { Engine } from '../ops/engine.ts';
import type { Program } from '../ops/ops.ts';
import type { Tensor } from '../ops/tensor.ts';
import { encode, project, prototypesOf, type NormMode } from '../slotcon/forward.ts';
import type { NetworkName } from '../slotcon/networks.ts';
import { semanticGrouping } from '../slotcon/grouping.ts';
import type { Model } from '../slotcon/model.ts';
import { normalizePixels } from '../data/normalize.ts';

/** Outputs of a forward pass by name, and the cells per image: height × width. */
export type InferenceOutput<Output extends string> = Readonly<Record<Output, Float32Array>> & {
  readonly height: number;
  readonly width: number;
};

/** Runs forward passes of a model without changing it. Calls of `run` must not overlap. */
export interface Inference<Output extends string> {
  /** Runs a batch of images of one size. The first batch of each shape compiles a program. */
  run(images: readonly RgbImage[]): Promise<InferenceOutput<Output>>;
  /** Frees the compiled programs, not the model. */
  dispose(): void;
}

/** `body` computes the outputs from normalized images [N,H,W,3]; `run` reads them back. */
export function createInference<Output extends string>(
  engine: Engine,
  model: Model,
  body: (images: Tensor) => Readonly<Record<Output, Tensor>>,
): Inference<Output> {
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
      const outputs = await program.run({ images: input });
      const [h, w] = model.networks.encoder.outputSize(height, width);
      return { ...outputs, height: h, width: w };
    },
    dispose: () => {
      for (const program of programs.values()) program.dispose();
      programs.clear();
    },
  };
}

/**
 * Projections z [N,h·w,D] of one network and their cosines with its prototypes, dots [N,h·w,K]. BatchNorm uses running
 * statistics, so that an image's output doesn't depend on the rest of its batch.
 */
export function inferDots(model: Model, network: NetworkName, images: Tensor): { z: Tensor; dots: Tensor } {
  const mode: NormMode = { kind: 'running' };
  const features = encode(model, network, images, mode);
  const z = project(model, network, features.y, mode).y;
  return { z, dots: semanticGrouping(z, prototypesOf(model, network), model.config.teacherTemp).dots };
}
