import { describe, expect, it } from 'vitest';
import { defined } from '../../lib/defined.ts';
import { joinChunks } from '../../lib/joinChunks.ts';
import { goldenCheckpoint } from '../../testing/checkpoints.ts';
import { python } from '../../testing/python.ts';
import { readSafetensors } from '../safetensors/readSafetensors.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { writeDetectron2 } from './detectron2.ts';
import { writeMmseg } from './mmseg.ts';
import { writePrototypes } from './npy.ts';
import { writeTorchvision } from './torchvision.ts';

const CHECKPOINT = goldenCheckpoint();
/** Encoder of a checkpoint, by the names in its file. */
const ENCODER = [...CHECKPOINT.tensors]
  .filter(([name]) => name.startsWith('encoder_k.'))
  .map(([name, tensor]) => [name.slice('encoder_k.'.length), tensor] as const);

it('uses a whole ResNet-18: 20 convolutions, 20 BatchNorms of two parameters and three buffers', () => {
  expect(ENCODER).toHaveLength(20 + 20 * 5);
});

it('torchvision: exactly the tensors of the teacher’s encoder, by their names', () => {
  const { tensors, metadata } = readSafetensors(joinChunks(writeTorchvision(CHECKPOINT)));
  expect(new Map(tensors)).toEqual(new Map(ENCODER));
  expect(metadata).toMatchObject({ format: 'pt', arch: 'resnet18', width: '0.03125', stages: '4', step: '3' });
});

it('names the tensor that a damaged checkpoint lacks', () => {
  const tensors = new Map(CHECKPOINT.tensors);
  tensors.delete('encoder_k.layer3.0.bn2.running_var');
  expect(() => joinChunks(writeTorchvision({ ...CHECKPOINT, tensors }))).toThrow(
    /no tensor "encoder_k.layer3.0.bn2.running_var"/,
  );
});

it('npy: a header of whole 64 bytes, then the teacher’s prototypes', () => {
  const file = joinChunks(writePrototypes(CHECKPOINT));
  const header = new TextDecoder('latin1').decode(file.subarray(0, 128));
  expect(header).toMatch(
    /^\x93NUMPY\x01\x00v\x00\{'descr': '<f4', 'fortran_order': False, 'shape': \(16, 32\), \} *\n$/,
  );
  const prototypes = defined(CHECKPOINT.tensors.get('grouping_k.slot_embed.weight')).data;
  expect(new Float32Array(file.slice(128).buffer)).toEqual(prototypes);
});

it('detectron2: exactly the tensors of the encoder are named', () => {
  const text = new TextDecoder('latin1').decode(joinChunks(writeDetectron2(CHECKPOINT)));
  const names = text.match(/(stem|res\d)\.[\w.]*(?=cnumpy\.core)/g);
  expect([...defined(names)].sort()).toEqual(ENCODER.map(([name]) => publishedName(name)).sort());
});

describe('in Python', () => {
  const numpy = python('numpy');
  const torch = python('numpy', 'torch');

  it.runIf(numpy)('NumPy loads the prototypes', () => {
    const facts = 'a = numpy.load(io.BytesIO(data)); print(a.dtype, a.shape, float(a[3, 5]))';
    const { data } = defined(CHECKPOINT.tensors.get('grouping_k.slot_embed.weight'));
    expect(defined(numpy)(facts, joinChunks(writePrototypes(CHECKPOINT)))).toBe(`float32 (16, 32) ${data[3 * 32 + 5]}`);
  });

  it.runIf(numpy)('the detectron2 file holds exactly the tensors of the encoder', () => {
    const program = `d = pickle.loads(data); m = d.pop("model"); print(json.dumps([d, {k: ${DESCRIBED} for k, v in m.items()}]))`;
    const [rest, model] = JSON.parse(defined(numpy)(program, joinChunks(writeDetectron2(CHECKPOINT)))) as [
      unknown,
      object,
    ];
    expect(rest).toEqual({ __author__: 'slotcon-tab', matching_heuristics: true });
    expect(model).toEqual(
      Object.fromEntries(ENCODER.map(([name, tensor]) => [publishedName(name), described(tensor)])),
    );
    expect(model).toHaveProperty(['res3.0.shortcut.norm.running_var']);
  });

  it.runIf(torch)('the mmsegmentation file holds exactly the tensors of the encoder', () => {
    const program = `d = torch.load(io.BytesIO(data)); m = d.pop("state_dict"); m = {k: v.numpy() for k, v in m.items()}; print(json.dumps([d, {k: ${DESCRIBED} for k, v in m.items()}]))`;
    const [rest, model] = JSON.parse(defined(torch)(program, joinChunks(writeMmseg(CHECKPOINT)))) as [unknown, object];
    expect(rest).toEqual({});
    expect(model).toEqual(Object.fromEntries(ENCODER.map(([name, tensor]) => [name, described(tensor)])));
  });
});

const DESCRIBED = '[str(v.dtype), list(v.shape), v.tobytes().hex()]';

const described = ({ dtype, shape, data }: StoredTensor): unknown => [
  dtype === 'F32' ? 'float32' : 'int64',
  [...shape],
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
];

/** Port of the published converter's renaming. */
function publishedName(name: string): string {
  let key = name.includes('layer') ? name : `stem.${name}`;
  for (const stage of [1, 2, 3, 4]) key = key.replaceAll(`layer${stage}`, `res${stage + 1}`);
  for (const norm of [1, 2, 3]) key = key.replaceAll(`bn${norm}`, `conv${norm}.norm`);
  return key.replaceAll('downsample.0', 'shortcut').replaceAll('downsample.1', 'shortcut.norm');
}
