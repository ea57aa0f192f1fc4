import { describe, expect, it } from 'vitest';
import { defined } from '../lib/defined.ts';
import { createRandom } from '../lib/random.ts';
import { transpose } from './jaxPeer.ts';
import { benchLayers, drawLayerData, layerFlop, layerShapes, paddingOf, passesOf } from './layers.ts';
import { sizeOf } from '../lib/shape.ts';

const named = (part: string) => defined(benchLayers(true).find(({ name }) => name.includes(part)));

describe('layers', () => {
  it('have the shapes of the model', () => {
    expect(layerShapes(named('7×7'))).toEqual({ x: [64, 64, 64, 3], w: [7, 7, 3, 16], y: [64, 32, 32, 16] });
    expect(layerShapes(named('linear 64→256'))).toEqual({ x: [4096, 64], w: [64, 256], y: [4096, 256] });
  });

  it('count two operations for each multiply-add', () => {
    expect(layerFlop(named('linear 64→256'))).toBe(2 * 4096 * 64 * 256);
    expect(layerFlop(named('quick 3×3 stride 2'))).toBe(2 * 64 * 8 * 8 * 9 * 16 * 32);
  });

  it.each(benchLayers(true).filter(({ size }) => size > 0))('keep the sides that $name claims', (layer) => {
    const { size, kernel, stride } = layer;
    const side = Math.floor((size + 2 * paddingOf(layer) - kernel) / stride) + 1;
    expect(layerShapes(layer).y.slice(1, 3)).toEqual([side, side]);
  });

  it('have names of their own, and no gradient of images', () => {
    const layers = benchLayers(false);
    expect(new Set(layers.map(({ name }) => name)).size).toBe(layers.length);
    expect(layers.filter((layer) => !passesOf(layer).includes('dX')).map(({ cin }) => cin)).toEqual([3]);
  });

  it('are the same numbers every time', () => {
    const layer = named('1×1 stride 2 16→32');
    const [a, b] = [1, 1].map((seed) => drawLayerData(layer, createRandom(seed)));
    expect(a).toEqual(b);
    expect(a.x.length).toBe(sizeOf(a.shapes.x));
  });
});

it('moves axes', () => {
  // [1,2,3,2] → [1,2,2,3]: NHWC to NCHW.
  const values = Float32Array.from({ length: 12 }, (_, index) => index);
  const moved = transpose(values, [1, 2, 3, 2], [0, 3, 1, 2]);
  expect(moved.shape).toEqual([1, 2, 2, 3]);
  expect([...moved.values]).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11]);
});
