import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { randomCheckpoint } from '../../testing/checkpoints.ts';
import { python } from '../../testing/python.ts';
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
const rewritten = (checkpoint: Checkpoint): PyDict => readTorchFile(fileOf(checkpoint)) as PyDict;

/** A dict as JSON has it. */
function plain(value: PickleValue): unknown {
  if (value instanceof PyFloat) return value.value;
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), plain(item as PickleValue)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Comparing large arrays takes the test runner long. */
const SMALL = { width: 1 / 16, hiddenDim: 32, outDim: 16 };

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

  it('tells the settings and where the run stands', () => {
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

  it('comes back with every tensor under its key, in its order, and the same optimizer and schedule', () => {
    const again = rewritten(checkpoint);
    expect([...again.keys()]).toEqual(FACTS.top_level_keys);
    for (const key of ['model', 'optimizer', 'scheduler', 'epoch'])
      expect(again.get(key), key).toEqual(published.get(key));
    expect([...dictOf(again.get('model')).keys()]).toEqual(FACTS.model_keys_in_order);
    // Maps are equal whatever their order, but PyTorch's state is looked up by it.
    const indices = (file: PyDict): unknown => [...dictOf(dictOf(file.get('optimizer')).get('state')).keys()];
    expect(indices(again)).toEqual(indices(published));
    expect(plain(defined(again.get('scheduler')))).toEqual(FACTS.scheduler);
  });

  it('takes the batch of all processes together', () => {
    const args = new Map([...dictOf(published.get('args')), ['world_size', 2]]);
    expect(fromPublished(new Map([...published, ['args', args]])).config.batchSize).toBe(8);
  });

  it('needs no argument but the architecture: shapes tell the rest, or it is as published', () => {
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
  ['quick preset, part of a ResNet, rates of its own', ours({})],
  ['SGD without warmup', ours({ optimizer: 'sgd', warmupSteps: 0 })],
  ['AdamW with rates of its own', ours({ optimizer: 'adamw', beta2: 0.95, adamEpsilon: 1e-6 })],
  ['lengths in epochs', ours({ steps: 0, epochs: 2.5, warmupEpochs: 0.5, batchSize: 4 })],
  ['a bottleneck', ours({ arch: 'resnet50_16s', stages: 4, width: 1 / 64, outputStride: 32 })],
])('ours: %s', (_, checkpoint) => {
  it('comes back exactly, also in the middle of a pass', () => {
    expect(fromPublished(rewritten(checkpoint))).toEqual(checkpoint);
  });

  it('is whole and plain for the published code', () => {
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

function ours(change: Parameters<typeof makeConfig>[1]): Checkpoint {
  const config = makeConfig(presetConfig('quick'), {
    ...SMALL,
    seed: 7,
    cropSize: 96,
    trustCoefficient: 0.002,
    ...change,
  });
  const checkpoint = randomCheckpoint(config);
  return {
    ...checkpoint,
    position: { step: 50, epoch: 4, batch: 2 },
    datasetName: 'my <folder>',
    imageCount: 400,
    datasetFingerprint: 'abc',
    classes: [{ name: 'sky', prototypes: [0, 1] }],
  };
}

it('says where the published scheduler stands after its warmup', () => {
  const scheduler = plain(defined(toPublished(ours({})).get('scheduler'))) as Record<string, unknown>;
  // Its step() counts the warmup's steps, then hands what goes beyond them to the cosine.
  const { after_scheduler: cosine, ...warmup } = scheduler;
  expect(warmup).toMatchObject({ last_epoch: 50, _step_count: 21, warmup_epoch: 20, _last_lr: [8], base_lrs: [8] });
  const lr = 1e-6 + ((8 - 1e-6) * (1 + Math.cos((Math.PI * 30) / 280))) / 2;
  expect(cosine).toMatchObject({ last_epoch: 30, _step_count: 31, T_max: 280, eta_min: 1e-6, base_lrs: [8] });
  expect((cosine as { _last_lr: number[] })._last_lr[0]).toBeCloseTo(lr, 12);
});

it('goes on with its schedule after a visit to the published code, which keeps no entry of ours', () => {
  const checkpoint = ours({});
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

const fileOf = (checkpoint: Checkpoint): Uint8Array => joinChunks(writeTorchFile(toPublished(checkpoint)));

describe('in Python', () => {
  const torch = python('torch');
  // What a file holds, tensors by type, shape and bytes.
  const DESCRIBE = `
def plain(v):
    if torch.is_tensor(v): return [str(v.dtype), list(v.shape), v.numpy().tobytes().hex()]
    if isinstance(v, dict): return [[k, plain(w)] for k, w in v.items()]
    return [plain(w) for w in v] if isinstance(v, list) else v
d = torch.load(io.BytesIO(data), map_location="cpu")
print(json.dumps([[k, plain(d[k])] for k in d if k != "args"]))`;

  it.runIf(torch)('the published file and ours of it hold the same, in the same order', () => {
    const file = fileOf(fromPublished(published));
    const [theirs, again] = [FILE, file].map(
      (bytes) => JSON.parse(defined(torch)(DESCRIBE, bytes)) as [string, unknown][],
    );
    expect(again.map(([key]) => key)).toEqual(['model', 'optimizer', 'scheduler', 'epoch', 'scaler']);
    const part = (of: [string, unknown][], key: string): unknown => defined(of.find(([one]) => one === key))[1];
    for (const key of ['model', 'optimizer', 'epoch']) expect(part(again, key), key).toEqual(part(theirs, key));
    const sorted = (value: unknown): unknown => Object.fromEntries(value as [string, unknown][]);
    expect(Object.keys(sorted(part(again, 'scaler')) as object)).toEqual(
      Object.keys(sorted(part(theirs, 'scaler')) as object),
    );
  });

  it.runIf(torch)('PyTorch’s own optimizer and scheduler take the state and go on with the same rate', () => {
    const checkpoint = ours({ optimizer: 'sgd', warmupSteps: 0 });
    const program = `
d = torch.load(io.BytesIO(data)); m = d["model"]
p = [torch.nn.Parameter(v) for k, v in m.items() if v.is_floating_point() and "running_" not in k and k != "module.center"]
o = torch.optim.SGD(p, lr=1.0, momentum=0.5); s = torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=9)
o.load_state_dict(d["optimizer"]); s.load_state_dict(d["scheduler"])
before = o.param_groups[0]["lr"]; o.step(); s.step()
print(json.dumps([s.last_epoch, s.T_max, before, o.param_groups[0]["lr"]]))`;
    const [last, length, before, after] = JSON.parse(defined(torch)(program, fileOf(checkpoint))) as number[];
    expect([last, length]).toEqual([51, 300]);
    const cosine = (step: number): number => 1e-6 + ((8 - 1e-6) * (1 + Math.cos((Math.PI * step) / 300))) / 2;
    expect(before).toBeCloseTo(cosine(50), 10);
    expect(after).toBeCloseTo(cosine(51), 10);
  });

  it.runIf(torch)('PyTorch’s AdamW takes the state and makes the step that ours would', () => {
    const checkpoint = ours({ optimizer: 'adamw', warmupSteps: 0, weightDecay: 0.05 });
    const program = `
d = torch.load(io.BytesIO(data)); m = d["model"]
p = [torch.nn.Parameter(v) for k, v in m.items() if v.is_floating_point() and "running_" not in k and k != "module.center"]
o = torch.optim.AdamW(p); o.load_state_dict(d["optimizer"])
s = o.state[p[0]]; g = o.param_groups[0]
print(json.dumps([float(s["step"]), list(g["betas"]), g["eps"], g["weight_decay"], s["exp_avg_sq"].numpy().tobytes().hex()]))`;
    const [step, betas, epsilon, decay, square] = JSON.parse(torch!(program, fileOf(checkpoint))) as [
      number,
      number[],
      number,
      number,
      string,
    ];
    expect([step, betas, epsilon, decay]).toEqual([50, [0.9, 0.999], 1e-8, 0.05]);
    const stored = checkpoint.tensors.get('optimizer.exp_avg_sq.encoder_q.conv1.weight')!.data as Float32Array;
    expect(square).toBe(Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex'));
  });
});
