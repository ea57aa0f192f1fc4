import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { joinChunks } from '../lib/joinChunks.ts';
import { randomCheckpoint } from '../testing/checkpoints.ts';
import { EXPORT_FORMATS } from './formats.ts';

const CHECKPOINT = randomCheckpoint(presetConfig('quick'));

it('has every format once', () => {
  const expectDistinct = (values: readonly string[]): void => expect([...new Set(values)]).toEqual(values);
  expectDistinct(EXPORT_FORMATS.map(({ id }) => id));
  expectDistinct(EXPORT_FORMATS.map(({ label }) => label));
  expectDistinct(EXPORT_FORMATS.map((format) => format.fileName(CHECKPOINT)));
});

describe.each(EXPORT_FORMATS)('$id', ({ size, write, fileName }) => {
  it('has about the announced size', async () => {
    const bytes = joinChunks(await write(CHECKPOINT)).length;
    // Names and headers weigh more in a model this small than in any that takes long to download.
    expect(bytes / size(CHECKPOINT.config)).toBeGreaterThan(0.97);
    expect(bytes - size(CHECKPOINT.config)).toBeLessThan(150_000);
  });

  it('is named by its step', () => {
    expect(fileName(CHECKPOINT)).toMatch(/^slotcon-step3\b[-a-z\d]*\.(safetensors|pth|pkl|onnx|npy)$/);
  });
});
