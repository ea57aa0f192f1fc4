import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../defaults.ts';
import { sizeOf } from '../../lib/shape.ts';
import { createEncoder } from '../../nn/encoders/encoders.ts';
import { describeState } from '../../slotcon/model.ts';
import { KNOWN_STARTS, knownStart } from './knownStarts.ts';
import { makeConfig } from '../parse.ts';

it('is nine starts with settings that are valid, links over https, and names of their own', () => {
  expect(KNOWN_STARTS).toHaveLength(9);
  for (const key of ['id', 'name'] as const) expect(new Set(KNOWN_STARTS.map((one) => one[key])).size).toBe(9);
  for (const { settings, link } of KNOWN_STARTS) {
    expect(makeConfig(DEFAULT_CONFIG, settings).width).toBe(1);
    expect(new URL(link).protocol).toBe('https:');
  }
});

it.each(KNOWN_STARTS.filter(({ id }) => !id.startsWith('slotcon')))(
  '$name has the weights of its encoder and a classifier of 1000 classes',
  ({ settings, numbers }) => {
    const { spec, outChannels } = createEncoder(makeConfig(DEFAULT_CONFIG, settings));
    const weights = spec.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    expect(weights + 1000 * (outChannels + 1)).toBe(numbers);
  },
);

it('a published checkpoint has both networks, their statistics and the momenta', () => {
  const sizes = describeState(DEFAULT_CONFIG).map(({ shape }) => sizeOf(shape));
  for (const { id, numbers } of KNOWN_STARTS) {
    if (id.startsWith('slotcon')) expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(numbers);
  }
});

it('the published checkpoints imply the published networks', () => {
  expect(makeConfig(DEFAULT_CONFIG, knownStart('slotcon-coco-800')?.settings ?? { arch: 'resnet18' })).toEqual(
    DEFAULT_CONFIG,
  );
});
