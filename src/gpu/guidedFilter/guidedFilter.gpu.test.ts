import { describe, expect, it } from 'vitest';
import { guidedFilter, type LinearModels } from '../../lib/edges/guidedFilter.ts';
import { createRandom } from '../../lib/random.ts';
import { needsGpu, testDevice } from '../../testing/gpu.ts';
import { createGpuGuidedFilter } from './guidedFilter.ts';

/** Filtered assignments, [K,height,width]. */
function applied({ slopes, offsets }: LinearModels, gray: Float32Array): Float32Array {
  return slopes.map((slope, at) => slope * gray[at % gray.length] + offsets[at]);
}

describe('the guided filter on the GPU', () => {
  needsGpu();

  it.each([
    [1, 1, 1, 1, 3, 2],
    [37, 5, 3, 2, 5, 9],
    [70, 130, 9, 16, 40, 4],
    [200, 90, 6, 12, 16, 25],
  ])(
    'equals plain loops: %i×%i pixels, %i×%i cells, K %i, radius %i',
    async (width, height, rows, columns, k, radius) => {
      const random = createRandom(`${width} ${height}`);
      // Flat parts with edges and noise, as images have.
      const gray = Float32Array.from({ length: width * height }, (_, at) => {
        const isBright = (at % width) / width + at / (width * height) > 0.9;
        return (isBright ? 0.3 : -0.35) + ((at % width) / width > 0.5 ? random.uniform(-0.15, 0.15) : 0);
      });
      const dots = Float32Array.from({ length: rows * columns * k }, () => random.uniform(-1, 1));
      const options = { temperature: 0.1, radius, epsilon: 1e-3 };
      const filter = await createGpuGuidedFilter(testDevice());
      const ours = applied(await filter.filter({ dots, rows, columns }, { gray, width, height }, options), gray);
      filter.destroy();
      const plain = applied(guidedFilter({ dots, rows, columns }, { gray, width, height }, options), gray);
      const difference = ours.reduce((max, value, at) => Math.max(max, Math.abs(value - plain[at])), 0);
      expect(difference).toBeLessThan(1e-5);
    },
  );
});
