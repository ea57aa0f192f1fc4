import type { RgbImage } from '../data/image.ts';
import type { Engine, Program } from '../ops/ops.ts';
import { encode, project, prototypesOf, type NormMode } from '../slotcon/forward.ts';
import { semanticGrouping } from '../slotcon/grouping.ts';
import type { Model } from '../slotcon/model.ts';
import { normalizePixels } from './normalize.ts';

export interface Dots {
  /** Cosines of prototypes and cells: [N,h,w,K] */
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** The teacher's eyes. Runs must not overlap. */
export interface Segmenter {
  /** The teacher's scores for pictures of one size. The first run for so many of that size takes longest. */
  run(images: readonly RgbImage[]): Promise<Dots>;
  /** Frees what the runs needed; the model stays. */
  dispose(): void;
}

type SegmentProgram = Program<'images', 'dots'>;

/** BatchNorm goes by the running statistics, so that what is seen in a picture doesn't depend on the others. */
export function createSegmenter(engine: Engine, model: Model): Segmenter {
  const programs = new Map<string, SegmentProgram>();
  const programFor = async (shape: readonly number[]): Promise<SegmentProgram> => {
    const key = shape.join();
    const program = programs.get(key) ?? (await prepare(engine, model, shape));
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
      const { dots } = await program.run({ images: input });
      const [h, w] = model.networks.encoder.outputSize(height, width);
      return { data: dots, height: h, width: w };
    },
    dispose: () => {
      for (const program of programs.values()) program.dispose();
      programs.clear();
    },
  };
}

function prepare(engine: Engine, model: Model, shape: readonly number[]): Promise<SegmentProgram> {
  const mode: NormMode = { kind: 'running' };
  return engine.program({ images: shape }, ({ images }) => {
    const { ops } = engine;
    const z = project(ops, model, 'k', encode(ops, model, 'k', images, mode), mode);
    return { dots: semanticGrouping(ops, z, prototypesOf(model, 'k'), model.config.teacherTemp).dots };
  });
}

/** Side of the square pictures that are scored, embedded and, unless another is asked for, drawn: half as large again as a training crop, in whole cells. */
export function segmentationSize({ cropSize, outputStride }: { cropSize: number; outputStride: number }): number {
  return Math.round((1.5 * cropSize) / outputStride) * outputStride;
}
