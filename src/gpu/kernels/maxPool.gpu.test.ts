import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { needsGpu } from '../../testing/gpu.ts';
import { runKernel } from '../../testing/runKernel.ts';
import { maxPoolInputKernel, maxPoolKernel, type PoolShape } from './maxPool.ts';

const random = createRandom(3);

/** In plain loops; `source[i]` is the index in x of output i. */
function pool({ images, height, width, channels }: PoolShape, x: Float32Array): { winner: number[]; source: number[] } {
  const winner: number[] = [];
  const source: number[] = [];
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < height; row += 2) {
      for (let column = 0; column < width; column += 2) {
        for (let channel = 0; channel < channels; channel++) {
          let best = -1;
          let place = -1;
          for (let tap = 0; tap < 9; tap++) {
            const [y, x_] = [row - 1 + Math.floor(tap / 3), column - 1 + (tap % 3)];
            if (y < 0 || y >= height || x_ < 0 || x_ >= width) continue;
            const index = ((image * height + y) * width + x_) * channels + channel;
            if (best === -1 || x[index] > x[best]) [best, place] = [index, tap];
          }
          winner.push(place);
          source.push(best);
        }
      }
    }
  }
  return { winner, source };
}

const SHAPES: PoolShape[] = [
  { images: 1, height: 1, width: 1, channels: 1 },
  { images: 3, height: 7, width: 10, channels: 5 },
  { images: 2, height: 8, width: 3, channels: 12 },
  { images: 1, height: 32, width: 31, channels: 64 },
];

describe('max pooling', () => {
  needsGpu();

  it.each(SHAPES)('of $images × $height × $width × $channels and its gradient', async (shape) => {
    // Few values, all below zero: many ties, and padding would win if it counted as 0.
    const size = shape.images * shape.height * shape.width * shape.channels;
    const x = Float32Array.from({ length: size }, () => -1 - random.integer(4));
    const { winner, source } = pool(shape, x);
    const aligned = shape.channels % 4 === 0;
    const empty = new Float32Array(winner.length);
    const [, y, places] = await runKernel(maxPoolKernel(shape, aligned), [x, empty, empty], [0, 1, 1]);
    expect([...places]).toEqual(winner);
    expect([...y]).toEqual(source.map((index) => x[index]));

    const dy = Float32Array.from(winner, () => random.normal());
    const expected = new Float64Array(size);
    source.forEach((index, i) => (expected[index] += dy[i]));
    const [, , dx] = await runKernel(maxPoolInputKernel(shape, aligned), [dy, places, new Float32Array(size).fill(9)]);
    dx.forEach((value, index) => expect(Math.abs(value - expected[index])).toBeLessThan(1e-5));
  });
});

it('spreads many pixels over two dimensions of workgroups', () => {
  const { workgroups } = maxPoolKernel({ images: 64, height: 512, width: 512, channels: 64 }, true);
  expect(Math.max(...workgroups)).toBeLessThan(65536);
  expect(workgroups[0] * workgroups[1] * 64 * 4).toBeGreaterThanOrEqual(64 * 256 * 256 * 64);
});
