import type { RgbImage } from '../data/image.ts';
import type { Engine, Program } from '../ops/ops.ts';
import { encode, project, prototypesOf, type NormMode } from '../slotcon/forward.ts';
import { semanticGrouping } from '../slotcon/grouping.ts';
import type { Model } from '../slotcon/model.ts';
import { normalizePixels } from './normalize.ts';

/** What both networks make of pictures of one size. N pictures · h×w cells · K prototypes · D channels. */
export interface Seen {
  readonly height: number;
  readonly width: number;
  /** Cosines of the teacher's prototypes and cells: [N,h·w,K] */
  readonly dots: Float32Array;
  /** The same of the student: [N,h·w,K] */
  readonly studentDots: Float32Array;
  /** The teacher's projections: [N,h·w,D] */
  readonly z: Float32Array;
}

/** Looks through both networks. Runs must not overlap. */
export interface Watcher {
  readonly model: Model;
  run(images: readonly RgbImage[]): Promise<Seen>;
  /** Frees what the runs needed; the model stays. */
  dispose(): void;
}

type WatchProgram = Program<'images', 'dots' | 'studentDots' | 'z'>;

/** BatchNorm goes by the running statistics, so that what is seen in a picture doesn't depend on the others. */
export function createWatcher(engine: Engine, model: Model): Watcher {
  const programs = new Map<string, WatchProgram>();
  const programFor = async (shape: readonly number[]): Promise<WatchProgram> => {
    const key = shape.join();
    const program = programs.get(key) ?? (await prepare(engine, model, shape));
    programs.set(key, program);
    return program;
  };
  return {
    model,
    run: async (images) => {
      const { width, height } = images[0];
      const pixels = width * height * 3;
      const input = new Float32Array(images.length * pixels);
      images.forEach(({ data }, index) => normalizePixels(data, input.subarray(index * pixels, (index + 1) * pixels)));
      const program = await programFor([images.length, height, width, 3]);
      const seen = await program.run({ images: input });
      const [h, w] = model.networks.encoder.outputSize(height, width);
      return { ...seen, height: h, width: w };
    },
    dispose: () => {
      for (const program of programs.values()) program.dispose();
      programs.clear();
    },
  };
}

function prepare(engine: Engine, model: Model, shape: readonly number[]): Promise<WatchProgram> {
  const mode: NormMode = { kind: 'running' };
  return engine.program({ images: shape }, ({ images }) => {
    const { ops } = engine;
    const look = (who: 'q' | 'k') => {
      const z = project(ops, model, who, encode(ops, model, who, images, mode), mode);
      return { z, dots: semanticGrouping(ops, z, prototypesOf(model, who), model.config.teacherTemp).dots };
    };
    const [student, teacher] = [look('q'), look('k')];
    return { dots: teacher.dots, studentDots: student.dots, z: teacher.z };
  });
}
