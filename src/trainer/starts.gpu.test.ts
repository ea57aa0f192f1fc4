import { expect, it } from 'vitest';
import { matchBackbone, startFromBackbone } from '../checkpoint/backbone.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { writeTorchvision } from '../checkpoint/exports/torchvision.ts';
import { openCheckpointFile } from '../checkpoint/openFile.ts';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { ratesAt, resolveSchedule } from '../config/schedules.ts';
import { startRates } from '../config/starts/startSettings.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { defined } from '../lib/defined.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import { SMALL_RUN } from '../testing/smallNetwork.ts';
import { testEngine } from '../testing/testEngine.ts';
import { createTrainer } from './trainer.ts';

const opened = testEngine('compiled');

/** Weights of one encoder, without its statistics, by the names of torchvision. */
function weightsOf(prefix: 'encoder_q.' | 'encoder_k.', { tensors }: Checkpoint): Map<string, Float32Array> {
  const weights = [...tensors].filter(([name]) => name.startsWith(prefix) && /(weight|bias)$/.test(name));
  return new Map(weights.map(([name, { data }]) => [name.slice(prefix.length), data as Float32Array]));
}

it('an encoder trained on some images starts a run on others, at the rates that the settings say', async () => {
  const engine = opened();
  const config = makeConfig(presetConfig('tiny'), SMALL_RUN);
  const first = await createTrainer({ engine, config, images: sampleScenes(10, 0) });
  for (let step = 0; step < 3; step++) await first.next();
  const trained = await first.checkpoint();
  first.dispose();

  const file = openCheckpointFile(joinChunks(writeTorchvision(trained)));
  const backbone = defined(file.kind === 'backbone' ? file.backbone : undefined);
  const chosen = makeConfig(config, { steps: 20, prototypes: 6, seed: 5 });
  const settings = makeConfig(chosen, startRates(chosen, 0));
  expect(settings).toMatchObject({ encoderLrFactor: 0.1, freezeEncoderSteps: 2 });
  const start = startFromBackbone(matchBackbone(backbone, settings), settings);
  const images = sampleScenes(12, 9);
  const second = await createTrainer({ engine, config: settings, images, resume: start });
  expect([second.step(), second.totalSteps]).toEqual([0, 20]);

  const schedule = resolveSchedule(settings, images.count);
  const teacher = weightsOf('encoder_k.', trained);
  let projector: unknown = start.tensors.get('projector_q.mlp.0.weight')?.data;
  for (let step = 0; step < 3; step++) {
    const { lr } = await second.next();
    expect(lr).toBe(ratesAt(step, settings, schedule).lr);
    const after = await second.checkpoint();
    const head = after.tensors.get('projector_q.mlp.0.weight')?.data;
    expect(head).not.toEqual(projector);
    projector = head;
    const student = weightsOf('encoder_q.', after);
    expect(student.size).toBe(teacher.size);
    const moved = [...student].filter(([name, data]) => data.some((value, at) => value !== teacher.get(name)?.[at]));
    if (step < 2) expect(moved.map(([name]) => name)).toEqual([]);
    else expect(moved.map(([name]) => name)).toContain('conv1.weight');
  }
  second.dispose();
});
