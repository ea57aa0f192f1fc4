import { expect, it } from 'vitest';
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
torch.manual_seed(0)
resnet = lambda: torchvision.models.ResNet(torchvision.models.resnet.BasicBlock, [2, 2, 2, 2], num_classes=3)
def narrow(v): return v if v.dim() == 0 else v[:v.shape[0] // 16, :max(3, v.shape[1] // 16)].clone() if v.dim() == 4 else v[:v.shape[0] // 16].clone()
def state(): return {k: narrow(v) for k, v in resnet().state_dict().items() if not k.startswith("fc")}
def save(value):
    f = io.BytesIO(); torch.save(value, f); sys.stdout.write(f.getvalue().hex())
`;

/** A file that a program saves. */
const fileOf = (program: string): Uint8Array =>
  Uint8Array.from(Buffer.from(defined(torch)(NARROW + program, new Uint8Array(0)), 'hex'));
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
  const single = opened(fileOf('save(state())'));
  const { data } = defined(single.get('layer1.0.conv1.weight')) as { data: Float32Array };
  for (const [kind, tolerance] of [
    ['half', 2 ** -11],
    ['bfloat16', 2 ** -8],
    ['double', 0],
  ] as const) {
    const program = `save({"state_dict": {"_orig_mod." + k: v.${kind}() for k, v in state().items()}})`;
    const matched = opened(fileOf(program));
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
  const program = `
import argparse
student = state()
save({"student": {"module.backbone." + k: v for k, v in student.items()},
      "teacher": {"backbone." + k: torch.full_like(v, 1) for k, v in student.items()},
      "optimizer": torch.optim.AdamW([torch.nn.Parameter(student["conv1.weight"])]).state_dict(), "epoch": 3,
      "args": argparse.Namespace(arch="resnet18", lr=0.1), "dino_loss": {"center": torch.zeros(1, 8)}})`;
  const { data } = defined(opened(fileOf(program)).get('conv1.weight'));
  expect((data as Float32Array).every((value) => value === 1)).toBe(true);
});

it.runIf(torch)('TorchScript is named, and its remedy makes a file that is taken', () => {
  const script = fileOf(`
f = io.BytesIO(); torch.jit.save(torch.jit.script(resnet()), f); sys.stdout.write(f.getvalue().hex())`);
  const text = problemOf(() => openCheckpointFile(script));
  expect(text).toMatch(/^checkpoint\/foreign The file is a TorchScript model/);
  const remedy = defined(/torch\.save\(.*\)/.exec(text)?.[0])
    .replace('FILE', 'io.BytesIO(data)')
    .replace('NEW_FILE', 'out');
  const program = `out = io.BytesIO(); ${remedy}; print(out.getvalue().hex())`;
  const file = Uint8Array.from(Buffer.from(defined(torch)(program, script), 'hex'));
  expect(openCheckpointFile(file)).toMatchObject({ kind: 'backbone', backbone: { tensors: { size: 122 } } });
});

it.runIf(torch)('networks of torchvision that are none here are refused by name', () => {
  const expected = {
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
  const program = `
for model in "${Object.keys(expected).join(' ')}".split():
    print(json.dumps({k: list(v.shape) for k, v in getattr(torchvision.models, model)().state_dict().items()}))`;
  const printed = defined(torch)(program, new Uint8Array(0)).split('\n');
  const config = makeConfig(DEFAULT_CONFIG, { arch: 'resnet50' });
  for (const [at, [model, message]] of Object.entries(expected).entries()) {
    const shapes = Object.entries(JSON.parse(printed[at]) as Record<string, number[]>);
    const tensors = new Map(
      shapes.map(([name, shape]): [string, StoredTensor] => [name, { dtype: 'U8', shape, data: new Uint8Array(1) }]),
    );
    const text = problemOf(() => matchBackbone({ tensors }, config));
    expect(text, model).toContain('backbone/no-match');
    expect(text, model).toMatch(message);
  }
});
