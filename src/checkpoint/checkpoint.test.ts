import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readSafetensors } from './safetensors/readSafetensors.ts';
import { writeSafetensors } from './safetensors/writeSafetensors.ts';

const CHECKPOINT: Checkpoint = {
  config: presetConfig('tiny'),
  position: { step: 17, epoch: 2, batch: 1 },
  datasetFingerprint: 'abc',
  datasetName: 'my <folder>',
  imageCount: 12,
  kernels: 'convolution=register/8 product=register/8 weightGradient=register/8 parallelism=4',
  classes: [
    { name: 'sky', prototypes: [2, 6] },
    { name: 'a "<b>"\\ 🌲', prototypes: [3] },
  ],
  tensors: new Map([['center', { dtype: 'F32', shape: [1, 2], data: Float32Array.of(1, 2) }]]),
};

it('round-trips', () => {
  expect(readCheckpoint(writeCheckpoint(CHECKPOINT))).toEqual(CHECKPOINT);
});

describe('names the field of damaged metadata', () => {
  const { metadata, tensors } = readSafetensors(writeCheckpoint(CHECKPOINT));
  const changed = (change: Record<string, string | undefined>): Uint8Array => {
    const entries = Object.entries({ ...metadata, ...change }).filter(([, value]) => value !== undefined);
    return writeSafetensors(tensors, Object.fromEntries(entries));
  };
  it.each<[string, Record<string, string | undefined>, RegExp]>([
    ['no format', { format: undefined }, /of no format.*slotcon-tab\/1/],
    ['a foreign format', { format: 'pt' }, /"pt"/],
    ['no step', { step: undefined }, /"step" is missing/],
    ['a bad step', { step: '-3' }, /"step" is "-3"/],
    ['a bad cursor', { cursor: '5' }, /"cursor" is "5"/],
    ['no settings', { config: undefined }, /"config" is missing/],
  ])('%s', (_, change, message) => {
    expect(() => readCheckpoint(changed(change))).toThrow(message);
  });
});
