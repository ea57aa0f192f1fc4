import { beforeAll, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../config/defaults.ts';
import { makeConfig } from '../config/parse.ts';
import { defined } from '../lib/defined.ts';
import { problemOf } from '../testing/problemOf.ts';
import { python } from '../testing/python.ts';
import { matchBackbone, startFromBackbone } from './backbone.ts';
import { openCheckpointFile } from './openFile.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';

const torch = python('torch', 'torchvision');
const RESNET18 = makeConfig(DEFAULT_CONFIG, {
  arch: 'resnet18',
  width: 1 / 16,
  hiddenDim: 8,
  outDim: 8,
  prototypes: 2,
});
/** A ResNet-18 of width 1/16, cut out of torchvision's. */
const NARROW = `
resnet = lambda: torchvision.models.ResNet(torchvision.models.resnet.BasicBlock, [2, 2, 2, 2], num_classes=3)
def narrow(v): return v if v.dim() == 0 else v[:v.shape[0] // 16, :max(3, v.shape[1] // 16)].clone() if v.dim() == 4 else v[:v.shape[0] // 16].clone()
def state():
    torch.manual_seed(0); return {k: narrow(v) for k, v in resnet().state_dict().items() if not k.startswith("fc")}
def save(value):
    f = io.BytesIO(); torch.save(value, f); print(f.getvalue().hex())
`;

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
/** Lines that programs print, one each. PyTorch takes seconds to start: all in one process. */
const linesOf = (...programs: string[]): string[] => defined(torch)(programs.join('\n'), new Uint8Array(0)).split('\n');

const TYPES = [
  ['half', 2 ** -11],
  ['bfloat16', 2 ** -8],
  ['double', 0],
] as const;
const SAVE_TYPES = TYPES.map(
  ([type]) => `save({"state_dict": {"_orig_mod." + k: v.${type}() for k, v in state().items()}})`,
);
const SAVE_DINO = `
import argparse
student = state()
save({"student": {"module.backbone." + k: v for k, v in student.items()},
      "teacher": {"backbone." + k: torch.full_like(v, 1) for k, v in student.items()},
      "optimizer": torch.optim.AdamW([torch.nn.Parameter(student["conv1.weight"])]).state_dict(), "epoch": 3,
      "args": argparse.Namespace(arch="resnet18", lr=0.1), "dino_loss": {"center": torch.zeros(1, 8)}})`;
const SAVE_SCRIPT = `
f = io.BytesIO(); torch.jit.save(torch.jit.script(resnet()), f); print(f.getvalue().hex())`;

const FOREIGN = {
  wide_resnet50_2: /wide_resnet50_2, .*: take a resnet50/,
  resnext50_32x4d: /resnext50_32x4d, .*: take a resnet50/,
  swin_t: /a Swin Transformer, .*: take a resnet18, resnet34 or resnet50/,
  vit_b_32: /a Vision Transformer/,
  convnext_tiny: /a ConvNeXt/,
  densenet121: /a DenseNet/,
  efficientnet_b0: /an EfficientNet/,
  mobilenet_v2: /a MobileNet/,
  regnet_y_400mf: /a RegNet/,
};
// Only shapes are wanted: without the random weights, which take long.
const PRINT_FOREIGN = `
for name in dir(torch.nn.init):
    if name.endswith("_"): setattr(torch.nn.init, name, lambda tensor, *rest, **options: tensor)
for model in "${Object.keys(FOREIGN).join(' ')}".split():
    print(json.dumps({k: list(v.shape) for k, v in getattr(torchvision.models, model)().state_dict().items()}))`;

let saved: { single: Uint8Array; types: Uint8Array[]; dino: Uint8Array; script: Uint8Array; foreign: string[] };
beforeAll(() => {
  if (!torch) return;
  const lines = linesOf(NARROW, 'save(state())', ...SAVE_TYPES, SAVE_DINO, SAVE_SCRIPT, PRINT_FOREIGN);
  const [single, half, bfloat16, double, dino, script] = lines.slice(0, 6).map(bytesOf);
  saved = { single, types: [half, bfloat16, double], dino, script, foreign: lines.slice(6) };
});
const opened = (file: Uint8Array): ReadonlyMap<string, StoredTensor> => {
  const { matched, missing } = matched18(file);
  expect(missing).toEqual([]);
  return matched;
};
const matched18 = (file: Uint8Array): ReturnType<typeof matchBackbone> => {
  const content = openCheckpointFile(file);
  if (content.kind !== 'backbone') throw new Error(content.kind);
  return matchBackbone(content.backbone, RESNET18);
};

it.runIf(torch)('files of PyTorch in half, bfloat16 and double, counts included, start a run', () => {
  const single = opened(saved.single);
  const { data } = defined(single.get('layer1.0.conv1.weight')) as { data: Float32Array };
  for (const [at, [, tolerance]] of TYPES.entries()) {
    const matched = opened(saved.types[at]);
    const converted = defined(matched.get('layer1.0.conv1.weight')) as { data: Float32Array };
    expect(converted.data).toHaveLength(data.length);
    expect(
      converted.data.every((value, at) => Math.abs(value - data[at]) <= tolerance * Math.abs(data[at]) + 1e-7),
    ).toBe(true);
    expect(matched.get('bn1.num_batches_tracked')).toMatchObject({ dtype: 'I64', data: BigInt64Array.of(0n) });
    const match = { matched, missing: [], unused: [], advice: undefined };
    expect(startFromBackbone(match, RESNET18).tensors.size).toBeGreaterThan(matched.size);
  }
});

it.runIf(torch)('DINO’s file: the teacher of two networks', () => {
  const { data } = defined(opened(saved.dino).get('conv1.weight'));
  expect((data as Float32Array).every((value) => value === 1)).toBe(true);
});

it.runIf(torch)('TorchScript is named, and its remedy makes a file that is taken', () => {
  const { script } = saved;
  const text = problemOf(() => openCheckpointFile(script));
  expect(text).toMatch(/^checkpoint\/foreign The file is a TorchScript model/);
  const remedy = defined(/torch\.save\(.*\)/.exec(text)?.[0])
    .replace('FILE', 'io.BytesIO(data)')
    .replace('NEW_FILE', 'out');
  const program = `out = io.BytesIO(); ${remedy}; print(out.getvalue().hex())`;
  const file = bytesOf(defined(torch)(program, script));
  expect(openCheckpointFile(file)).toMatchObject({ kind: 'backbone', backbone: { tensors: { size: 122 } } });
});

it.runIf(torch)('networks of torchvision that are none here are refused by name', () => {
  const config = makeConfig(DEFAULT_CONFIG, { arch: 'resnet50' });
  for (const [at, [model, message]] of Object.entries(FOREIGN).entries()) {
    const shapes = Object.entries(JSON.parse(saved.foreign[at]) as Record<string, number[]>);
    const tensors = new Map(
      shapes.map(([name, shape]): [string, StoredTensor] => [name, { dtype: 'U8', shape, data: new Uint8Array(1) }]),
    );
    const text = problemOf(() => matchBackbone({ tensors }, config));
    expect(text, model).toContain('backbone/no-match');
    expect(text, model).toMatch(message);
  }
});
