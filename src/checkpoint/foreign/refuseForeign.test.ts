import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { randomCheckpoint, goldenCheckpoint } from '../../testing/checkpoints.ts';
import { problemOf } from '../../testing/problemOf.ts';
import { pickleOf, storedZip, torchArchive } from '../../testing/torchArchive.ts';
import { writeCheckpoint } from '../checkpoint.ts';
import { writeDetectron2 } from '../exports/detectron2.ts';
import { writeOnnxEncoder } from '../exports/onnx.ts';
import { writePrototypes } from '../exports/npy.ts';
import { openCheckpointFile } from '../openFile.ts';

const CHECKPOINT = randomCheckpoint(goldenCheckpoint().config);
const TORCH = torchArchive(pickleOf('N'));
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (one) => one.charCodeAt(0));
/** Bytes that begin, and perhaps end, with these characters. */
const binary = (start: string, end = ''): Uint8Array => joinChunks([latin1(`${start}\0\x01\x02\xff`), latin1(end)]);

/** A tar archive of one file, as far as it is read. */
function tar(name: string): Uint8Array {
  const file = new Uint8Array(1024);
  file.set(latin1(name));
  file.set(latin1('ustar\x0000'), 257);
  return file;
}

// Every kind of file that people tried or may try, with what the message must say.
it.each<[string, Uint8Array, RegExp]>([
  ['nothing', new Uint8Array(0), /^The file is empty\. Copy or download/],
  [
    'a login page',
    strToU8('\n<!DOCTYPE html>\n<html><head>\n<title>\n Sign in · GitLab\n</title>'),
    /a web page, "Sign in · GitLab", saved in place.*sign in/,
  ],
  ['a web page without a title', strToU8('\ufeff<HTML lang="en">'), /a web page, saved/],
  ['a Git LFS pointer', strToU8('version https://git-lfs.github.com/spec/v1\noid sha256:12\n'), /LFS.*"git lfs pull"/],
  [
    'an index of shards',
    strToU8('{"metadata": {"total_size": 1}, "weight_map": {"a": "model-00001-of-00002.safetensors"}}'),
    /index of a model in several files.*save_pretrained/,
  ],
  ['settings', strToU8('{\n  "architectures": ["ResNetModel"]\n}'), /JSON.*weights beside it/],
  [
    'TorchScript',
    torchArchive(pickleOf('N'), { 'archive/constants.pkl': pickleOf(')'), 'archive/code/__torch__.py': strToU8('x') }),
    /TorchScript.*torch\.jit\.load\(FILE, "cpu"\)\.state_dict\(\)/,
  ],
  ['torch.export', storedZip({ 'resnet/archive_format': strToU8('pt2') }), /torch\.export.*state_dict/],
  ['.npz', zipSync({ 'conv1.npy': latin1('\x93NUMPY') }), /NumPy arrays \(\.npz\).*torch\.from_numpy/],
  ['.npy', joinChunks(writePrototypes(CHECKPOINT)), /one NumPy array/],
  ['.keras', storedZip({ 'config.json': strToU8('{}'), 'model.weights.h5': binary('\x89HDF') }), /Keras.*PyTorch/],
  [
    'a zip around a .pth',
    zipSync({ 'readme.txt': strToU8('hi'), 'a/resnet50.pth': TORCH }),
    /zip archive of 2 files, such as "a\/resnet50\.pth"\. Unpack it/,
  ],
  ['a .gz around a .pth', gzipSync(TORCH), /compressed with gzip.*Unpack it/],
  ['a .tar', tar('resnet50.pth'), /tar archive.*Unpack it/],
  ['a .7z', binary('7z\xbc\xaf\x27\x1c'), /7-Zip.*Unpack it/],
  ['a .zst', binary('\x28\xb5\x2f\xfd'), /Zstandard/],
  ['.h5', binary('\x89HDF\r\n\x1a\n'), /HDF5.*ResNets of PyTorch/],
  ['a SavedModel', binary('\x08\x01\x12\xa0\x0a'), /model of TensorFlow \(\.pb\)/],
  ['a frozen graph', binary('\x0a\x2f\x0a\x05input\x12\x0bPlaceholder'), /model of TensorFlow \(\.pb\)/],
  ['the index of a checkpoint', binary('\0\0', '\x57\xfb\x80\x8b\x24\x75\x47\xdb'), /checkpoint of TensorFlow/],
  ['the list of checkpoints', strToU8('model_checkpoint_path: "model.ckpt-1"\n'), /checkpoint of TensorFlow/],
  ['.tflite', binary('\x1c\0\0\0TFL3'), /TensorFlow Lite/],
  ['.gguf', binary('GGUF\x03'), /GGUF.*Choose a \.pth/],
  ['a photograph', binary('\xff\xd8\xff\xe0\0\x10JFIF'), /an image \(JPEG\).*as a folder/],
  ['a PNG', binary('\x89PNG\r\n\x1a\n'), /an image \(PNG\)/],
  ['a picture of a phone', binary('\0\0\0\x18ftypheic'), /an image \(HEIC/],
  ['ONNX', joinChunks(writeOnnxEncoder(CHECKPOINT)), /ONNX.*Choose the \.pth/],
  ['a model for detectron2', joinChunks(writeDetectron2(CHECKPOINT)), /pickle.*detectron2 \(\.pkl\).*Choose the \.pth/],
  ['a PDF', binary('%PDF-1.7\n'), /PDF/],
  ['an answer', strToU8('Entry not found'), /text that begins with "Entry not found".*download it again/],
  ['any bytes', Uint8Array.of(1, 2, 3, 254, 0), /no kind that is known here.*bytes 01 02 03 fe\. Choose/],
])('names %s', (_, file, message) => {
  const text = problemOf(() => openCheckpointFile(file));
  expect(text).toContain('checkpoint/foreign The file is ');
  expect(text.slice('checkpoint/foreign '.length)).toMatch(message);
  expect(text).not.toMatch(/\n|undefined/);
  // The same from a Node buffer that begins elsewhere.
  const padded = Buffer.concat([Buffer.of(9), file]).subarray(1);
  expect(problemOf(() => openCheckpointFile(padded))).toBe(text);
});

describe('leaves to their readers', () => {
  it.each<[string, Uint8Array, string]>([
    ['a .pth that is cut short', TORCH.slice(0, 100), 'checkpoint/truncated'],
    ['a .pth that was packed anew', zipSync({ 'archive/data.pkl': new Uint8Array(1000) }), 'checkpoint/compressed'],
    ['a .pth without tensors', TORCH, 'checkpoint/no-tensors'],
    ['.safetensors that are cut short', writeCheckpoint(CHECKPOINT).slice(0, 900), 'checkpoint/truncated'],
  ])('%s', (_, file, code) => {
    expect(problemOf(() => openCheckpointFile(file))).toContain(code);
  });

  it('.safetensors whose length begins like another format', () => {
    // 0x5a42 bytes of header, "BZ"; 0x1f8b would be gzip, 0x4d42 "BM".
    for (const length of [0x5a42, 0x8b1f, 0x4d42]) {
      const file = new Uint8Array(8 + length).fill(0x20);
      new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
      file.set(strToU8('{}'), 8);
      expect(openCheckpointFile(file).kind).toBe('backbone');
    }
    expect(defined(openCheckpointFile(writeCheckpoint(CHECKPOINT)).kind)).toBe('checkpoint');
  });
});
