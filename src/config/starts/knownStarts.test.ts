import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../defaults.ts';
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

it('the published checkpoints imply the published networks', () => {
  expect(makeConfig(DEFAULT_CONFIG, knownStart('slotcon-coco-800')?.settings ?? { arch: 'resnet18' })).toEqual(
    DEFAULT_CONFIG,
  );
});
