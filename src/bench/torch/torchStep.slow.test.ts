import { describe, expect, it } from 'vitest';
import type { Config } from '../../config/fields.ts';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import { CPU_ADAPTER } from '../../gpu/device.ts';
import { defined } from '../../lib/defined.ts';
import { createRandom } from '../../lib/random.ts';
import { createEngine } from '../../ops/createEngine.ts';
import { createModel } from '../../slotcon/model.ts';
import { createStepProgram } from '../../trainer/stepProgram.ts';
import { randomBatch } from '../ourStep.ts';
import { openSameStep } from './torchStep.ts';
import { findTorch } from './torchStep.node.ts';

const found = findTorch();
if (!found) console.warn('No Python with torch: skipping what needs it. Debian: apt-get install python3-torch');
const open = (): NonNullable<typeof found> => defined(found, 'PyTorch');

/** Small, as the reference engine runs on the CPU; with fewer than 8 channels oneDNN computes other gradients of kernels. */
const SMALL: Partial<Config> = { width: 1 / 8, hiddenDim: 16, outDim: 8, prototypes: 8, blocksPerStage: 1, stages: 2 };

async function createStep(arch: Config['arch']) {
  const config = makeConfig(presetConfig('tiny'), { ...SMALL, arch });
  const engine = await createEngine(CPU_ADAPTER);
  const model = createModel(engine, config, createRandom('torch'));
  const size = { count: 3, height: 32, width: 32 };
  const program = await createStepProgram(engine, model, size);
  return { engine, model, batch: randomBatch(model, size), program };
}

describe.runIf(found)('PyTorch', () => {
  it('trains basic blocks with the same losses, and notices another setting of the optimizer', async () => {
    const ours = await createStep('resnet18');
    const torch = await openSameStep(open(), ours);
    expect(torch.name).toMatch(/^PyTorch \d.*, CPU, \d+ threads?$/);
    await torch.dispose();
    const { model } = ours;
    const other = { ...model, config: { ...model.config, lrFactor1d: 1 } };
    await expect(openSameStep(open(), { ...ours, model: other })).rejects.toThrow(/has other losses: .* instead of /);
  });

  it('trains bottlenecks with the same losses', async () => {
    const torch = await openSameStep(open(), await createStep('resnet50'));
    await torch.dispose();
  });

  it('says why it ended', async () => {
    await expect(open()(new Uint8Array(4))).rejects.toThrow(/^PyTorch ended: struct.error: /);
  });
});
