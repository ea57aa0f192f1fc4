import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../../signals/metrics.ts';
import { curvesPng, lossesSvg } from './plot.ts';

const record = (step: number, loss: number): StepRecord =>
  ({ step, loss, lossGroup: loss + 0.5, lossSlot: loss - 0.5 }) as StepRecord;
const falling = Array.from({ length: 300 }, (_, index) => record(index + 1, 2 + 3 * 0.98 ** index));

/** Pixels that are clearly of the hue. */
async function colored(png: Buffer, [red, green, blue]: readonly number[]): Promise<{ x: number; y: number }[]> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const found: { x: number; y: number }[] = [];
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    const at = pixel * 3;
    const distance = Math.hypot(data[at] - red, data[at + 1] - green, data[at + 2] - blue);
    if (distance < 30) found.push({ x: pixel % info.width, y: Math.floor(pixel / info.width) });
  }
  return found;
}

describe('curvesPng', () => {
  it('draws a falling loss from the upper left to the lower right', async () => {
    const png = await curvesPng(falling);
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 960, height: 480 });
    const blue = (await colored(png, [0, 0x72, 0xb2])).filter(({ x }) => x < 830);
    const mean = (points: { y: number }[]): number => points.reduce((sum, { y }) => sum + y, 0) / points.length;
    expect(blue.length).toBeGreaterThan(500);
    expect(Math.max(...blue.map(({ x }) => x))).toBeGreaterThan(820);
    const [first, last] = [blue.filter(({ x }) => x < 100), blue.filter(({ x }) => x > 800)];
    expect(mean(last) - mean(first)).toBeGreaterThan(150);
    expect((await colored(png, [0xd5, 0x5e, 0])).length).toBeGreaterThan(500);
    expect((await colored(png, [0, 0x9e, 0x73])).length).toBeGreaterThan(500);
  });

  it.each([
    ['no step', []],
    ['one step', [record(1, 3)]],
    ['a constant', [record(1, 0), record(2, 0)]],
    ['values that are not finite', [record(1, 3), record(2, NaN), record(3, Infinity), record(4, 2)]],
  ])('draws %s', async (_, records) => {
    const svg = lossesSvg(records);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect((await sharp(await curvesPng(records)).metadata()).width).toBe(960);
  });

  it('leaves a gap where there is no value', () => {
    const svg = lossesSvg([1, NaN, 2, 3].map((loss, i) => record(i + 1, loss)));
    const line = /<path d="([^"]*)"/.exec(svg.split('>step<')[1])?.[1] ?? '';
    expect(line.match(/M/g)).toHaveLength(2);
    expect(line.match(/L/g)).toHaveLength(1);
  });

  it('does not grow with the run', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => record(index + 1, Math.sin(index)));
    expect(lossesSvg(long).length).toBeLessThan(150_000);
  });
});
