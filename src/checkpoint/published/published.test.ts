import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { quickCheckpoint, randomCheckpoint } from '../../testing/checkpoints.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { pyDict, PyFloat, type PickleValue, type PyDict } from '../pickle/pickleValue.ts';
import { fromPublished, toPublished } from './published.ts';
import { readSafetensors } from '../safetensors/readSafetensors.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { readTorchFile, writeTorchFile } from '../torch/torchFile.ts';

const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../testing/goldens/${name}`, import.meta.url)));
const FILE = golden('ckpt_epoch_1.pth');
const FACTS = JSON.parse(new TextDecoder().decode(golden('ckpt.json'))) as {
  readonly model_keys_in_order: string[];
  readonly param_names_in_order: string[];
  readonly param_groups: Record<string, unknown>[];
  readonly scheduler: Record<string, unknown>;
  readonly top_level_keys: string[];
};
const published = readTorchFile(FILE) as PyDict;
const dictOf = (value: PickleValue | undefined): PyDict => value as PyDict;
const fileOf = (checkpoint: Checkpoint): Uint8Array => joinChunks(writeTorchFile(toPublished(checkpoint)));
const rewritten = (checkpoint: Checkpoint): PyDict => readTorchFile(fileOf(checkpoint)) as PyDict;

/** Converts a value to plain JSON. */
function plain(value: PickleValue): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item as PickleValue)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('the published file', () => {
  const checkpoint = fromPublished(published);

  it('holds the tensors that the reference library finds in it, bit for bit', () => {
    const { tensors } = readSafetensors(golden('ckpt_epoch_1.safetensors'));
    const bits = ({ data }: StoredTensor): Uint8Array =>
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
    let compared = 0;
    for (const [key, theirs] of tensors) {
      const match = /^(?:model\/module\.(.*)|optimizer\/state\/(\d+)\/mu)$/.exec(key);
      if (!match) continue;
      const [name, index] = [match.at(1), match.at(2)];
      const ours = checkpoint.tensors.get(
        name ?? FACTS.param_names_in_order[Number(index)].replace('module.', 'optimizer.'),
      );
      expect(ours, key).toBeDefined();
      expect(bits(defined(ours)), key).toEqual(bits(theirs));
      compared += 1;
    }
    expect(compared).toBe(checkpoint.tensors.size);
    expect(compared).toBe(
      FACTS.model_keys_in_order.length + dictOf(dictOf(published.get('optimizer')).get('state')).size,
    );
  });

  it('holds the settings and the position of the run', () => {
    const { config, position, datasetName, imageCount } = checkpoint;
    expect({ position, datasetName, imageCount }).toEqual({
      position: { step: 3, epoch: 1, batch: 0 },
      datasetName: 'COCO',
      imageCount: 13,
    });
    expect(config).toMatchObject({
      arch: 'resnet18',
      width: 1 / 32,
      hiddenDim: 64,
      outDim: 32,
      prototypes: 16,
      steps: 0,
      epochs: 4,
      batchSize: 4,
      optimizer: 'lars',
      baseLearningRate: 8,
      weightDecay: 1e-5,
      warmupEpochs: 1,
      cropSize: 128,
      minScale: 0.08,
    });
  });

  it('round-trips with every tensor under its key, in order, and the same optimizer and schedule', () => {
    const again = rewritten(checkpoint);
    expect([...again.keys()]).toEqual(FACTS.top_level_keys);
    for (const key of ['model', 'optimizer', 'scheduler', 'epoch'])
      expect(again.get(key), key).toEqual(published.get(key));
    expect([...dictOf(again.get('model')).keys()]).toEqual(FACTS.model_keys_in_order);
    // `toEqual` ignores the order of Maps, but PyTorch's state depends on it.
    const indices = (file: PyDict): unknown => [...dictOf(dictOf(file.get('optimizer')).get('state')).keys()];
    expect(indices(again)).toEqual(indices(published));
    expect(plain(defined(again.get('scheduler')))).toEqual(FACTS.scheduler);
  });

  it('sums the batch size over all processes', () => {
    const args = new Map([...dictOf(published.get('args')), ['world_size', 2]]);
    expect(fromPublished(new Map([...published, ['args', args]])).config.batchSize).toBe(8);
  });

  it('needs only the architecture argument: the rest follows from shapes or has published values', () => {
    const args = pyDict({ arch: 'resnet18' });
    const { config } = fromPublished(new Map([...published, ['args', args]]));
    expect(config).toMatchObject({
      hiddenDim: 64,
      outDim: 32,
      prototypes: 16,
      teacherTemp: 0.07,
      steps: 12,
      warmupSteps: 3,
    });
  });
});

describe.each<[string, Checkpoint]>([
  ['quick preset, part of a ResNet, rates of its own', quickCheckpoint({})],
  ['SGD without warmup', quickCheckpoint({ optimizer: 'sgd', warmupSteps: 0 })],
  ['AdamW with rates of its own', quickCheckpoint({ optimizer: 'adamw', beta2: 0.95, adamEpsilon: 1e-6 })],
  ['lengths in epochs', quickCheckpoint({ steps: 0, epochs: 2.5, warmupEpochs: 0.5, batchSize: 4 })],
  ['a bottleneck', quickCheckpoint({ arch: 'resnet50_16s', stages: 4, width: 1 / 64, outputStride: 32 })],
])('written by slotcon-tab: %s', (_, checkpoint) => {
  it('round-trips exactly, also in the middle of an epoch', () => {
    expect(fromPublished(rewritten(checkpoint))).toEqual(checkpoint);
  });

  it('is complete for the published code', () => {
    const file = rewritten(checkpoint);
    const { optimizer } = checkpoint.config;
    const names = [...dictOf(file.get('model'))].map(([key]) => String(key).replace('module.', ''));
    expect([...names].sort()).toEqual(
      [...checkpoint.tensors.keys()].filter((name) => !name.startsWith('optimizer.')).sort(),
    );
    const [group] = dictOf(file.get('optimizer')).get('param_groups') as [PyDict];
    const parameters = names.filter((name) => !/^center$|running_|num_batches/.test(name));
    expect(group.get('params')).toEqual(parameters.map((_name, index) => index));
    const state = dictOf(dictOf(file.get('optimizer')).get('state'));
    expect(state.size).toBe(parameters.filter((name) => !/_k\./.test(name)).length);
    for (const [index, entry] of state) {
      const momentum = dictOf(entry).get(optimizer === 'lars' ? 'mu' : 'momentum_buffer');
      expect(momentum).toEqual(checkpoint.tensors.get(`optimizer.${parameters[Number(index)]}`));
    }
  });
});

it('writes the state of the published scheduler after its warmup', () => {
  const scheduler = plain(defined(toPublished(quickCheckpoint({})).get('scheduler'))) as Record<string, unknown>;
  // Its step() counts the steps of the warmup, then passes further steps to the cosine.
  const { after_scheduler: cosine, ...warmup } = scheduler;
  expect(warmup).toMatchObject({ last_epoch: 50, _step_count: 21, warmup_epoch: 20, _last_lr: [8], base_lrs: [8] });
  const lr = 1e-6 + ((8 - 1e-6) * (1 + Math.cos((Math.PI * 30) / 280))) / 2;
  expect(cosine).toMatchObject({ last_epoch: 30, _step_count: 31, T_max: 280, eta_min: 1e-6, base_lrs: [8] });
  expect((cosine as { _last_lr: number[] })._last_lr[0]).toBeCloseTo(lr, 12);
});

it('continues its schedule after a round trip through the published code, which drops `slotcon_tab`', () => {
  const checkpoint = quickCheckpoint({});
  const file = rewritten(checkpoint);
  const args = new Map([...dictOf(file.get('args'))].filter(([key]) => key !== 'slotcon_tab'));
  // Its ResNets have four stages.
  const whole = { ...checkpoint.config, stages: 4, outputStride: 32 };
  const visited = rewritten({ ...randomCheckpoint(whole), position: checkpoint.position, imageCount: 400 });
  const { config, position } = fromPublished(new Map([...visited, ['args', args]]));
  expect(position).toEqual({ step: 50, epoch: 4, batch: 0 });
  expect(config).toMatchObject({ steps: 300, warmupSteps: 20, trustCoefficient: 0.002, scaleLearningRate: true });
  expect((config.baseLearningRate * config.batchSize) / 256).toBeCloseTo(checkpoint.config.baseLearningRate, 12);
});
