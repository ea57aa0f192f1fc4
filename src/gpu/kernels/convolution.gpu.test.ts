import { describe, expect, it } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { needsGpu } from '../../testing/gpu.ts';
import { gemmStrategies, runKernel } from '../../testing/runKernel.ts';
import { REGISTER, subgroupStrategy } from './gemmCode.ts';
import {
  convFilterKernel,
  convForwardKernel,
  convInputKernel,
  convOutputSize,
  type ConvGeometry,
} from './convolution.ts';

const random = createRandom(11);
const noise = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());

interface Tensors<T> {
  readonly x: T;
  readonly w: T;
  readonly y: T;
}

/**
 * Visits every product of the convolution once: y[iy] += x[ix] · w[iw] is the convolution, x += y · w and w += x · y are
 * its gradients.
 */
function visit(geometry: ConvGeometry, each: (index: Tensors<number>) => void): void {
  const { images, height, width, cin, cout, kernelHeight, kernelWidth, stride, padding, dilation } = geometry;
  const [outHeight, outWidth] = convOutputSize(geometry);
  for (let image = 0; image < images; image++) {
    for (let place = 0; place < outHeight * outWidth; place++) {
      const [oy, ox] = [Math.floor(place / outWidth), place % outWidth];
      for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
        const y = oy * stride - padding + Math.floor(tap / kernelWidth) * dilation;
        const x = ox * stride - padding + (tap % kernelWidth) * dilation;
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        for (let ci = 0; ci < cin; ci++) {
          for (let co = 0; co < cout; co++) {
            each({
              x: ((image * height + y) * width + x) * cin + ci,
              w: (tap * cin + ci) * cout + co,
              y: (image * outHeight * outWidth + place) * cout + co,
            });
          }
        }
      }
    }
  }
}

function sizesOf(geometry: ConvGeometry): Tensors<number> {
  const { images, height, width, cin, cout, kernelHeight, kernelWidth } = geometry;
  const [outHeight, outWidth] = convOutputSize(geometry);
  return {
    x: images * height * width * cin,
    w: kernelHeight * kernelWidth * cin * cout,
    y: images * outHeight * outWidth * cout,
  };
}

/** [kh, kw, cin, cout] → [kh, kw, cout, cin]. */
function permuted(w: Float32Array, { cin, cout }: ConvGeometry): Float32Array {
  return w.map((_, index) => {
    const [tap, co, ci] = [Math.floor(index / cin / cout), Math.floor(index / cin) % cout, index % cin];
    return w[(tap * cin + ci) * cout + co];
  });
}

/** `depth` is the maximum number of products per element. */
function expectClose(actual: ArrayLike<number>, expected: Float64Array, depth: number): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  expected.forEach((value, index) => {
    const error = Math.abs(actual[index] - value);
    worst = error <= worst ? worst : error;
  });
  expect(worst / Math.sqrt(depth)).toBeLessThan(1e-5);
}

const base = { images: 1, kernelHeight: 3, kernelWidth: 3, stride: 1, padding: 1, dilation: 1 };
const GEOMETRIES: [name: string, geometry: ConvGeometry][] = [
  ['3×3', { ...base, images: 3, height: 7, width: 5, cin: 8, cout: 16 }],
  ['3×3 on channels that fill no vector', { ...base, height: 6, width: 9, cin: 3, cout: 5 }],
  ['3×3 stride 2', { ...base, images: 2, height: 9, width: 8, cin: 12, cout: 36, stride: 2 }],
  [
    '7×7 stride 2 padding 3',
    {
      ...base,
      images: 2,
      height: 13,
      width: 10,
      cin: 3,
      cout: 16,
      kernelHeight: 7,
      kernelWidth: 7,
      stride: 2,
      padding: 3,
    },
  ],
  [
    '1×1 stride 2',
    {
      ...base,
      images: 3,
      height: 5,
      width: 7,
      cin: 20,
      cout: 8,
      kernelHeight: 1,
      kernelWidth: 1,
      stride: 2,
      padding: 0,
    },
  ],
  ['3×3 dilation 2', { ...base, height: 9, width: 7, cin: 4, cout: 4, padding: 2, dilation: 2 }],
  ['3×3 stride 2 dilation 2', { ...base, height: 9, width: 7, cin: 4, cout: 6, stride: 2, padding: 1, dilation: 2 }],
  [
    '2×3 stride 3 without padding',
    { ...base, images: 3, height: 11, width: 8, cin: 5, cout: 4, kernelHeight: 2, stride: 3, padding: 0 },
  ],
  ['1×1 of one pixel', { ...base, height: 1, width: 1, cin: 1, cout: 1, kernelHeight: 1, kernelWidth: 1, padding: 0 }],
  ['3×3 of one row', { ...base, height: 1, width: 40, cin: 40, cout: 68 }],
  // Over a million products each.
  ['3×3 of many pixels', { ...base, height: 25, width: 24, cin: 16, cout: 16 }],
  ['3×3 of many channels', { ...base, height: 6, width: 7, cin: 60, cout: 60 }],
  ['3×3 of many pixels whose channels fill no vector', { ...base, height: 12, width: 11, cin: 15, cout: 60 }],
];

describe.each(gemmStrategies())('convolution, strategy $kind', (strategy) => {
  needsGpu();

  it.each(GEOMETRIES)('%s forward', async (_, geometry) => {
    const { cin, cout, kernelHeight, kernelWidth } = geometry;
    const sizes = sizesOf(geometry);
    const [x, w, expected] = [noise(sizes.x), noise(sizes.w), new Float64Array(sizes.y)];
    visit(geometry, (index) => (expected[index.y] += x[index.x] * w[index.w]));
    const kernel = convForwardKernel(geometry, cout % 4 === 0, strategy);
    const [, , y] = await runKernel(kernel, [x, w, new Float32Array(sizes.y)], [0, 1, 0]);
    expectClose(y, expected, kernelHeight * kernelWidth * cin);
  });

  it.each(GEOMETRIES)('%s to its input', async (_, geometry) => {
    const { cin, cout, kernelHeight, kernelWidth } = geometry;
    const sizes = sizesOf(geometry);
    const [dy, w, expected] = [noise(sizes.y), noise(sizes.w), new Float64Array(sizes.x)];
    visit(geometry, (index) => (expected[index.x] += dy[index.y] * w[index.w]));
    const kernel = convInputKernel(geometry, cin % 4 === 0, strategy);
    // What no window reaches must be written too.
    const [, , dx] = await runKernel(kernel, [dy, permuted(w, geometry), new Float32Array(sizes.x).fill(9)]);
    expectClose(dx, expected, kernelHeight * kernelWidth * cout);
  });

  it.each(GEOMETRIES)('%s to its filter', async (_, geometry) => {
    const [outHeight, outWidth] = convOutputSize(geometry);
    const sizes = sizesOf(geometry);
    const [x, dy, expected] = [noise(sizes.x), noise(sizes.y), new Float64Array(sizes.w)];
    visit(geometry, (index) => (expected[index.w] += x[index.x] * dy[index.y]));
    const kernel = convFilterKernel(geometry, 3, geometry.cout % 4 === 0, strategy);
    const [, , parts] = await runKernel(kernel, [x, dy, new Float32Array(3 * sizes.w)]);
    const sums = Array.from(expected, (_, index) => parts[index] + parts[index + sizes.w] + parts[index + 2 * sizes.w]);
    expectClose(sums, expected, geometry.images * outHeight * outWidth);
  });
});

it('counts as many operations for the gradient of a strided input as for the convolution', () => {
  const geometry = { ...base, height: 8, width: 8, cin: 16, cout: 32, stride: 2 };
  const ratio = convInputKernel(geometry, true, REGISTER).flop / convForwardKernel(geometry, true, REGISTER).flop;
  expect(ratio).toBe(1);
});

it('shares one shader among shapes', () => {
  const code = (width: number, cin: number): string =>
    convForwardKernel({ ...base, height: 9, width, cin, cout: 64 }, true, subgroupStrategy(8)).code(['a', 'b', 'c']);
  expect(code(9, 8)).toBe(code(12, 64));
});
