import { loadStateDict } from '../../checkpoint/stateDict.ts';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import type { Config } from '../../config/fields.ts';
import { createRandom } from '../../lib/random.ts';
import { sizeOf } from '../../lib/shape.ts';
import { torchShape } from '../../nn/params.ts';
import type { Engine } from '../../ops/engine.ts';
import { encode, type NormMode } from '../../slotcon/forward.ts';
import { createModel, discardModel } from '../../slotcon/model.ts';
import { compare, worst, type Comparison } from './compare.ts';
import { channelsLast, numbers, tensor, under, type Golden, type Tolerance } from './golden.ts';

interface Arch {
  readonly width: number;
  readonly state_prefix: string;
  readonly tolerances: Tolerance;
}

/** Compares every depth and stage (c2…c5 are the maps after 1…4 stages), with running and with batch statistics. */
export async function encoderParity(engine: Engine, golden: Golden): Promise<Record<string, Comparison>> {
  const results: Record<string, Comparison> = {};
  for (const [arch, facts] of Object.entries(golden.json.archs as Record<string, Arch>)) {
    const found: Record<'eval' | 'train', Comparison[]> = { eval: [], train: [] };
    for (const stages of [1, 2, 3, 4]) {
      const config = makeConfig(DEFAULT_CONFIG, {
        arch: arch as Config['arch'],
        width: facts.width,
        stages,
        hiddenDim: 2,
        outDim: 2,
        prototypes: 2,
      });
      for (const kind of ['eval', 'train'] as const) {
        found[kind].push(await compareMap(engine, golden, config, facts, kind, `${arch}/${kind}/c${stages + 1}`));
      }
    }
    results[`${arch}/running`] = worst(found.eval);
    results[`${arch}/batch`] = worst(found.train);
  }
  return results;
}

async function compareMap(
  engine: Engine,
  { file }: Golden,
  config: Config,
  facts: Arch,
  kind: 'eval' | 'train',
  target: string,
): Promise<Comparison> {
  const model = createModel(engine, config, createRandom(0));
  loadStateDict(engine, model, encoderState(file, facts.state_prefix, model), { optimizer: 'optional' });
  const [n, channels, height, width] = tensor(file, 'input').shape;
  const input = channelsLast(numbers(file, 'input'), channels, height * width);
  const mode: NormMode = kind === 'eval' ? { kind: 'running' } : { kind: 'batch', groups: 1 };
  const program = await engine.program({ images: [n, height, width, channels] }, ({ images }) => ({
    map: encode(model, 'student', images, mode).y,
  }));
  const { map: ours } = await program.run({ images: input });
  program.dispose();
  discardModel(engine, model);
  const [, cout, h, w] = tensor(file, target).shape;
  const theirs = channelsLast(numbers(file, target), cout, h * w);
  const { recommended_max_over_maxabs: tolerance, floor_maxabs: floor } = facts.tolerances;
  return compare(ours, theirs, { tolerance, floor });
}

/** State with the stored encoder as the student's, and zeros elsewhere. */
function encoderState(file: Golden['file'], prefix: string, model: Parameters<typeof discardModel>[1]) {
  const stored = under(file, prefix);
  const zeros = new Map(
    [...model.entries.values()].map(({ name, layout, variable: { shape } }) => [
      name,
      {
        dtype: 'F32' as const,
        shape: torchShape(layout, shape),
        data: new Float32Array(sizeOf(shape)),
      },
    ]),
  );
  return new Map([...zeros, ...[...stored].map(([name, value]) => [`encoder_q.${name}`, value] as const)]);
}
