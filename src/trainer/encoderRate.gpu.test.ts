import { describe, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { defined } from '../lib/defined.ts';
import type { Engine } from '../ops/engine.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';
import { testEnginePair } from '../testing/testEngine.ts';
import { createTrainer } from './trainer.ts';

const { compiled, oracle } = testEnginePair();
const images = sampleScenes(10, 0);

const configOf = (overrides: Partial<Config>): Config =>
  makeConfig(presetConfig('tiny'), { ...SMALL_RUN, warmupSteps: 2, ...overrides });

/** States of a run after these steps, through a file at each of them. */
async function statesAfter(
  engine: Engine,
  config: Config,
  steps: readonly number[],
  start?: Checkpoint,
): Promise<Checkpoint[]> {
  const states: Checkpoint[] = [];
  for (const until of steps) {
    const resume = states.at(-1) ?? start;
    const trainer = await createTrainer({ engine, config, images, ...(resume ? { resume } : {}) });
    while (trainer.step() < until) await trainer.next();
    states.push(readCheckpoint(writeCheckpoint(await trainer.checkpoint())));
    trainer.dispose();
  }
  return states;
}

/** Names of tensors that two states differ in. */
function changedNames(one: Checkpoint, other: Checkpoint): string[] {
  return [...one.tensors].flatMap(([name, { data }]) => {
    const after = defined(other.tensors.get(name)).data;
    return data.every((value, index) => Object.is(value, after[index])) ? [] : [name];
  });
}

const WEIGHTS = /^(optimizer(\.exp_avg(_sq)?)?\.)?encoder_q\..*(weight|bias)$/;
const STATISTICS = /^encoder_[qk]\..*running_(mean|var)$/;

describe('an encoder that is frozen for 2 steps', () => {
  const cases = (['lars', 'sgd', 'adamw'] as const).map((optimizer) => [optimizer, 'compiled'] as const);
  it.each([...cases, ['adamw', 'eager'] as const])(
    'keeps weights and momenta to the bit, then trains, with %s on the %s engine',
    async (optimizer, name) => {
      const engine = name === 'compiled' ? compiled() : oracle();
      const config = configOf({ optimizer, freezeEncoderSteps: 2 });
      const [start, frozen, trained] = await statesAfter(engine, config, [0, 2, 3]);
      const whileFrozen = changedNames(start, frozen);
      expect(whileFrozen.filter((one) => WEIGHTS.test(one))).toEqual([]);
      const statistics = [...start.tensors.keys()].filter((one) => STATISTICS.test(one));
      expect(whileFrozen).toEqual(expect.arrayContaining([...statistics, 'projector_q.mlp.0.weight', 'center']));
      // A bias right before a BatchNorm and the like may have no gradient.
      const slot = optimizer === 'adamw' ? 'optimizer.exp_avg' : 'optimizer';
      const moved = ['encoder_q.conv1.weight', 'encoder_q.bn1.bias', `${slot}.encoder_q.conv1.weight`];
      expect(changedNames(frozen, trained)).toEqual(expect.arrayContaining(moved));
    },
  );

  it('thaws alike however often the run is resumed', async () => {
    const config = configOf({ optimizer: 'adamw', freezeEncoderSteps: 2, encoderLrFactor: 0.5 });
    const straight = await statesAfter(compiled(), config, [4]);
    const resumed = await statesAfter(compiled(), config, [1, 2, 3, 4]);
    expect(resumed.at(-1)).toEqual(straight[0]);
  });

  it('then takes the first step that AdamW takes with a new parameter', async () => {
    const rate = { optimizer: 'adamw', warmupSteps: 0, weightDecay: 0, baseLearningRate: 0.001 } as const;
    const [frozen, trained] = await statesAfter(compiled(), configOf({ ...rate, freezeEncoderSteps: 2 }), [2, 3]);
    const moved = moves(frozen, trained, 'encoder_q.conv1.weight');
    // The bias corrections make the first step as long as the rate, where the gradient is far above epsilon.
    const lr = 1e-6 + ((0.001 - 1e-6) * (1 + Math.cos((Math.PI * 2) / SMALL_RUN.steps))) / 2;
    expect(Math.max(...moved.map(Math.abs))).toBeCloseTo(lr, 7);
  });
});

describe('an encoder with a learning rate factor', () => {
  it.each(['lars', 'sgd', 'adamw'] as const)(
    'moves by the factor, everything else as without, with %s',
    async (optimizer) => {
      const [start] = await statesAfter(compiled(), configOf({ optimizer }), [0]);
      const [plain] = await statesAfter(compiled(), configOf({ optimizer }), [1], start);
      const [scaled] = await statesAfter(compiled(), configOf({ optimizer, encoderLrFactor: 0.25 }), [1], start);
      const differing = changedNames(plain, scaled);
      expect(differing.filter((name) => !/^encoder_q\..*(weight|bias)$/.test(name))).toEqual([]);
      expect(differing).toContain('encoder_q.conv1.weight');
      const [full, part] = [plain, scaled].map((state) => moves(start, state, 'encoder_q.conv1.weight'));
      const largest = Math.max(...full.map(Math.abs));
      expect(largest).toBeGreaterThan(0);
      full.forEach((move, index) => expect(Math.abs(part[index] - move / 4)).toBeLessThan(1e-3 * largest + 1e-7));
    },
  );
});

function moves(before: Checkpoint, after: Checkpoint, name: string): number[] {
  const [one, other] = [before, after].map(({ tensors }) => defined(tensors.get(name)).data as Float32Array);
  return Array.from(one, (value, index) => other[index] - value);
}
