import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fromPublished } from '../../checkpoint/published/published.ts';
import { readTorchFile } from '../../checkpoint/torch/torchFile.ts';
import { defined } from '../../lib/defined.ts';
import { testEngine } from '../testEngine.ts';
import { findGoldens } from './goldens.node.ts';
import { resumedLosses } from './trajectory.ts';

const folder = fileURLToPath(new URL('../goldens', import.meta.url));
// One engine only: their agreement is tested elsewhere.
const opened = testEngine('compiled');

it('the published .pth resumes like the published code after load_checkpoint', async () => {
  const { config, imageCount, tensors, position } = fromPublished(
    readTorchFile(readFileSync(`${folder}/ckpt_epoch_1.pth`)),
  );
  const start = { config, imageCount, tensors, step: position.step };
  const [set] = findGoldens(folder).values();
  const [ckpt, trajectory, step] = ['ckpt', 'trajectory', 'step'].map((item) => defined(set.get(item)));
  const results = await resumedLosses(opened(), start, ckpt, trajectory, step);
  expect(Object.keys(results)).toEqual(['resumedLosses', 'resumedSteps']);
  expect(Object.entries(results).filter(([, { ok }]) => !ok)).toEqual([]);
}, 600_000);
