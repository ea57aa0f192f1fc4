import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { joinChunks } from '../lib/joinChunks.ts';
import { goldenCheckpoint, randomCheckpoint } from '../testing/checkpoints.ts';
import { matchBackbone } from './backbone.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { writeDetectron2 } from './exports/detectron2.ts';
import { writeMmseg } from './exports/mmseg.ts';
import { writeOnnxEncoder } from './exports/onnx.ts';
import { teacherEncoder } from './exports/teacher.ts';
import { writeTorchvision } from './exports/torchvision.ts';
import { openCheckpointFile } from './openFile.ts';
import { pyDict, type PickleValue } from './pickle/pickleValue.ts';
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
  ])('an encoder: %s', (_, file) => {
    const opened = openCheckpointFile(file);
    if (opened.kind !== 'backbone') throw new Error(opened.kind);
    const { matched, missing, unused } = matchBackbone(opened.backbone, CHECKPOINT.config);
    expect(new Map(matched)).toEqual(new Map(ENCODER));
    expect([missing, unused]).toEqual([[], []]);
  });
});

describe('refuses, with the remedy', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /empty/],
    [
      'a model for detectron2',
      joinChunks(writeDetectron2(CHECKPOINT)),
      /detectron2 \(\.pkl\).*Choose the \.pth or \.safetensors/,
    ],
    ['ONNX', joinChunks(writeOnnxEncoder(CHECKPOINT)), /ONNX/],
    [
      'PyTorch’s format before 1.6',
      Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e),
      /before 1\.6.*Save it anew/,
    ],
    ['a .pth without tensors', torchFile(pyDict({ epoch: 3 })), /the entries "epoch".*state_dict\(\)/],
    ['a .pth that is no dict', torchFile([1, 2]), /no dict/],
    ['a photograph', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1), /safetensors/],
  ])('%s', (_, file, message) => {
    expect(() => openCheckpointFile(file)).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(() => openCheckpointFile(file)).toThrow(message);
  });
});

function torchFile(value: PickleValue): Uint8Array {
  return joinChunks(writeTorchFile(value));
}
