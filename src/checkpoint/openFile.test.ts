import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defined } from '../lib/defined.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import { sizeOf } from '../lib/shape.ts';
import { goldenCheckpoint, randomCheckpoint } from '../testing/checkpoints.ts';
import { pickleOf, torchArchive } from '../testing/torchArchive.ts';
import { matchBackbone } from './backbone.ts';
import { checkpointMetadata, writeCheckpoint } from './checkpoint.ts';
import { writeMmseg } from './exports/mmseg.ts';
import { teacherEncoder } from './exports/teacher.ts';
import { writeTorchvision } from './exports/torchvision.ts';
import { openCheckpointFile } from './openFile.ts';
import { pyDict, type PickleValue, type PyDict } from './pickle/pickleValue.ts';
import { toPublished } from './published/published.ts';
import type { StoredTensor } from './safetensors/storedTensor.ts';
import { writeSafetensors } from './safetensors/writeSafetensors.ts';
import { checkTensors } from './stateDict.ts';
import { writeTorchFile } from './torch/torchFile.ts';

const CHECKPOINT = randomCheckpoint(goldenCheckpoint().config);
const ENCODER = teacherEncoder(CHECKPOINT);

describe('opens', () => {
  it('a checkpoint of slotcon-tab', () => {
    const opened = openCheckpointFile(writeCheckpoint(CHECKPOINT));
    expect(opened).toEqual({ kind: 'checkpoint', checkpoint: CHECKPOINT });
  });

  it('a checkpoint of the published code', () => {
    const file = readFileSync(new URL('../testing/goldens/ckpt_epoch_1.pth', import.meta.url));
    const opened = openCheckpointFile(file);
    if (opened.kind !== 'checkpoint') throw new Error(opened.kind);
    for (const [name, tensor] of goldenCheckpoint().tensors) {
      expect(opened.checkpoint.tensors.get(name), name).toEqual(tensor);
    }
    expect(opened.checkpoint.config.arch).toBe('resnet18');
  });

  it.each<[string, Uint8Array]>([
    ['.safetensors with torchvision’s names', joinChunks(writeTorchvision(CHECKPOINT))],
    ['.pth of a state_dict', torchFile(ENCODER)],
    ['.pth with one under "state_dict"', joinChunks(writeMmseg(CHECKPOINT))],
    [
      '.pth with one under "model", beside arguments',
      torchFile(pyDict({ args: pyDict({}), model: ENCODER, epoch: 3 })),
    ],
    [
      '.pth of DINO, with the networks side by side',
      torchFile(
        pyDict({
          student: renamed((name) => `module.backbone.${name}`),
          teacher: renamed((name) => `backbone.${name}`, ENCODER),
          optimizer: pyDict({ state: new Map([[0, pyDict({ exp_avg: tensorOf('bn1.bias') })]]) }),
          epoch: 100,
          args: pyDict({ arch: 'resnet18' }),
          dino_loss: pyDict({ center: tensorOf('bn1.bias') }),
        }),
      ),
    ],
  ])('an encoder: %s', (_, file) => {
    const opened = openCheckpointFile(file);
    if (opened.kind !== 'backbone') throw new Error(opened.kind);
    const { matched, missing, unused } = matchBackbone(opened.backbone, CHECKPOINT.config);
    expect(new Map(matched)).toEqual(new Map(ENCODER));
    expect(missing).toEqual([]);
    expect(unused.filter((name) => !/^student\.|^dino_loss/.test(name))).toEqual([]);
  });
});

it('dicts that occur in one another many times are looked through once', () => {
  // Six levels of 100 entries each, every one the dict below it.
  const level = (below: number): (number | string)[] => [
    ...['}', 'q', below + 1, '('],
    ...Array.from({ length: 100 }, (_, key) => [0x8c, 1, key, 'h', below]).flat(),
    'u',
  ];
  const bomb = torchArchive(
    pickleOf('}', 'q', 0, '0', ...[0, 1, 2, 3, 4].flatMap((at) => [...level(at), '0']), ...level(5)),
  );
  expect(() => openCheckpointFile(bomb)).toThrow(/no tensors by name/);
});

describe('converts to single precision', () => {
  const halved = (tensors: Iterable<readonly [string, StoredTensor]>): Map<string, StoredTensor> =>
    new Map(
      [...tensors].map(([name, { shape }]) => {
        const ones = new Uint8Array(Uint16Array.from({ length: sizeOf(shape) }, () => 0x3c00).buffer);
        return [name, { dtype: 'F16', shape, data: ones }];
      }),
    );
  const counted = { dtype: 'I64', shape: [], data: BigInt64Array.of(1n) };

  it('a checkpoint of slotcon-tab', () => {
    const opened = openCheckpointFile(writeSafetensors(halved(CHECKPOINT.tensors), checkpointMetadata(CHECKPOINT)));
    if (opened.kind !== 'checkpoint') throw new Error(opened.kind);
    const { tensors } = opened.checkpoint;
    expect(tensors.get('center')).toEqual({ dtype: 'F32', shape: [1, 16], data: new Float32Array(16).fill(1) });
    expect(tensors.get('encoder_k.bn1.num_batches_tracked')).toEqual(counted);
    expect(() => checkTensors(CHECKPOINT.config, tensors)).not.toThrow();
  });

  it('a checkpoint of the published code, momenta included', () => {
    const published = toPublished(CHECKPOINT);
    const model = published.get('model') as ReadonlyMap<string, StoredTensor>;
    const opened = openCheckpointFile(torchFile(new Map([...published, ['model', halved(model)]])));
    if (opened.kind !== 'checkpoint') throw new Error(opened.kind);
    const { tensors } = opened.checkpoint;
    expect([...tensors.values()].every(({ dtype }) => dtype === 'F32' || dtype === 'I64')).toBe(true);
    expect(tensors.get('encoder_k.bn1.num_batches_tracked')).toEqual(counted);
  });
});

describe('refuses, with the remedy', () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      'PyTorch’s format before 1.6',
      Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e),
      /before 1\.6.*Save it anew/,
    ],
    ['a .pth without tensors', torchFile(pyDict({ epoch: 3 })), /the entries "epoch".*state_dict\(\)/],
    ['a .pth that is no dict', torchFile([1, 2]), /no dict/],
  ])('%s', (_, file, message) => {
    expect(() => openCheckpointFile(file)).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(() => openCheckpointFile(file)).toThrow(message);
  });
});

function tensorOf(name: string): StoredTensor {
  return defined(ENCODER.get(name));
}

/** The encoder under other names; by default with values of 0. */
function renamed(rename: (name: string) => string, tensors?: ReadonlyMap<string, StoredTensor>): PyDict {
  return new Map(
    [...ENCODER].map(([name, tensor]): [string, StoredTensor] => {
      const zeros = { dtype: 'F64', shape: tensor.shape, data: new Float64Array(sizeOf(tensor.shape)) } as const;
      return [rename(name), tensors?.get(name) ?? zeros];
    }),
  );
}

function torchFile(value: PickleValue): Uint8Array {
  return joinChunks(writeTorchFile(value));
}
