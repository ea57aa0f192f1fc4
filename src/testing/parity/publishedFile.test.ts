import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fromPublished } from '../../checkpoint/published.ts';
import { readTorchFile } from '../../checkpoint/torchFile.ts';
import { ENGINE_NAMES } from '../../ops/createEngine.ts';
import { testEngine } from '../testEngine.ts';
import { findGoldens } from './goldens.node.ts';
import { resumedLosses } from './trajectory.ts';

describe.each(ENGINE_NAMES)('the published .pth, %s engine', (name) => {
  const folder = fileURLToPath(new URL('../goldens', import.meta.url));
  const [set] = findGoldens(folder).values();
  const opened = testEngine(name);

  it('goes on as the published code does after load_checkpoint', async () => {
    const { config, imageCount, tensors, position } = fromPublished(
      readTorchFile(readFileSync(`${folder}/ckpt_epoch_1.pth`)),
    );
    const start = { config, imageCount, tensors, step: position.step };
    const [ckpt, trajectory, step] = ['ckpt', 'trajectory', 'step'].map((item) => set.get(item)!);
    const results = await resumedLosses(opened(), start, ckpt, trajectory, step);
    expect(Object.keys(results)).toEqual(['resumedLosses', 'resumedSteps']);
    expect(Object.entries(results).filter(([, { ok }]) => !ok)).toEqual([]);
  }, 600_000);
});
