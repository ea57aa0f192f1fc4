import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pyDict, PyFloat, type PickleValue, type PyDict } from '../pickle/pickleValue.ts';
import { fromPublished } from './published.ts';
import type { StoredTensor } from '../safetensors/storedTensor.ts';
import { readTorchFile } from '../torch/torchFile.ts';
import { problemOf } from '../../testing/problemOf.ts';

/** The published file, and damaged variants of it. */
const published = readTorchFile(
  readFileSync(new URL('../../testing/goldens/ckpt_epoch_1.pth', import.meta.url)),
) as PyDict;
const dictOf = (value: PickleValue | undefined): PyDict => value as PyDict;

const problem = (file: PickleValue): string => problemOf(() => fromPublished(file));
const without = (dict: PyDict, key: string): PyDict => new Map([...dict].filter(([one]) => one !== key));
const args = (change: Record<string, PickleValue>): PickleValue =>
  new Map<string | number, PickleValue>([
    ...published,
    ['args', new Map([...dictOf(published.get('args')), ...pyDict(change)])],
  ]);
const model = dictOf(published.get('model'));
const withModel = (dict: PyDict): PickleValue => new Map<string | number, PickleValue>([...published, ['model', dict]]);
const weight = 'module.encoder_q.layer2.0.conv1.weight';
const tensor = (change: Partial<StoredTensor>): PickleValue =>
  ({ ...(model.get(weight) as StoredTensor), ...change }) as StoredTensor;
const with1 = (value: PickleValue): PickleValue => withModel(new Map([...model, [weight, value]]));

it('is accepted unchanged', () => {
  expect(problem(published)).toBe('none');
});

it.each<[string, PickleValue, RegExp]>([
  ['no dict', [1], /published .*holds no dict/],
  ['no args', without(published, 'args'), /published .*"args" is missing/],
  ['no model', without(published, 'model'), /published .*"model" is missing/],
  ['no optimizer', without(published, 'optimizer'), /published .*"optimizer" is missing/],
  ['an epoch that is text', new Map([...published, ['epoch', 'one']]), /published .*epoch undefined/],
  ['an unknown architecture', args({ arch: 'resnet101' }), /args .*"resnet101", but must be resnet18, .*Choose/],
  [
    'an architecture of other blocks',
    args({ arch: 'resnet50' }),
    /missing-tensor .*"module.encoder_q.layer1.0.conv3.weight"/,
  ],
  ['no architecture', args({ arch: null }), /args .*"arch" is missing/],
  [
    'another width of the heads',
    args({ dim_hidden: 128 }),
    /shape .*"projector_q.mlp.0.weight" is 64×16×1×1, but this model needs 128×16×1×1/,
  ],
  ['an argument that is a list', args({ batch_size: [] }), /args .*"batch_size"/],
  ['a temperature out of range', args({ teacher_temp: new PyFloat(-1) }), /args .*\(teacherTemp\) is -1/],
  ['a missing tensor', withModel(without(model, weight)), /missing-tensor .*"module.encoder_q.layer2.0.conv1.weight"/],
  [
    'a tensor too many',
    withModel(new Map([...model, ['module.head.weight', tensor({})]])),
    /unexpected-tensor .*"head.weight"/,
  ],
  [
    'a number in place of a tensor',
    with1(3),
    /published .*"module.encoder_q.layer2.0.conv1.weight" of the model is no tensor/,
  ],
  [
    'quantized weights',
    with1(tensor({ dtype: 'I8', data: new Uint8Array(72) } as never)),
    /dtype .*"encoder_q.layer2.0.conv1.weight" is stored as I8; floats are expected.*before it was quantized/,
  ],
  [
    'a wrong shape',
    with1(tensor({ shape: [2, 4, 3, 3] })),
    /shape .*"encoder_q.layer2.0.conv1.weight" is 2×4×3×3, but this model needs 4×2×3×3/,
  ],
  ['NaN values', with1(tensor({ data: new Float32Array(72).fill(NaN) })), /not-finite .*holds NaN at position 0 of 72/],
  [
    'a batch count of another type',
    withModel(new Map([...model, ['module.encoder_q.bn1.num_batches_tracked', tensor({})]])),
    /dtype .*one whole number that counts batches/,
  ],
  [
    'another optimizer',
    args({ optimizer: 'sgd' }),
    /published .*state of "encoder_q.conv1.weight" has no tensor "momentum_buffer"/,
  ],
  [
    'parameters of another model',
    new Map([...published, ['optimizer', pyDict({ state: new Map(), param_groups: [pyDict({ params: [0] })] })]]),
    /published .*holds 1 parameters, and this model has 152/,
  ],
])('refused: %s', (_, file, message) => {
  expect(problem(file)).toMatch(message);
  expect(problem(file)).not.toContain('\n');
});
