import { sizeOf } from '../lib/shape.ts';
import type { Random } from '../lib/random.ts';

/** A convolution of square images, padded so that stride 1 keeps their size, or a linear layer (`size` 0). */
export interface Layer {
  readonly name: string;
  /** Images of a convolution, rows of a linear layer. */
  readonly count: number;
  readonly size: number;
  readonly cin: number;
  readonly cout: number;
  readonly kernel: number;
  readonly stride: number;
}

export type Pass = 'forward' | 'dX' | 'dW';

interface LayerShapes {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly y: readonly number[];
}

/** Numbers in those shapes; `dy` is a gradient that arrives from above. */
export interface LayerData {
  readonly shapes: LayerShapes;
  readonly x: Float32Array<ArrayBuffer>;
  readonly w: Float32Array<ArrayBuffer>;
  readonly dy: Float32Array<ArrayBuffer>;
}

const conv = (
  group: string,
  count: number,
  size: number,
  [cin, cout]: readonly [number, number],
  kernel: number,
  stride = 1,
): Layer => ({
  name: `${group} ${kernel}×${kernel}${stride > 1 ? ` stride ${stride}` : ''} ${cin}→${cout} at ${size} px`,
  count,
  size,
  cin,
  cout,
  kernel,
  stride,
});
const linear = (group: string, count: number, cin: number, cout: number): Layer => ({
  name: `${group} linear ${cin}→${cout}`,
  count,
  size: 0,
  cin,
  cout,
  kernel: 1,
  stride: 1,
});

/** Images of both views in a batch of the quick preset, and cells of all their feature maps. */
const QUICK = { images: 64, cells: 64 * 8 * 8 };

/**
 * Every shape of the quick preset, and those that make up most of ResNet-18 and -50, with few images of few pixels for
 * software adapters and 16 times as many for others.
 */
export function benchLayers(software: boolean): Layer[] {
  const some = (count: number): number => (software ? count : 16 * count);
  return [
    conv('quick', QUICK.images, 64, [3, 16], 7, 2),
    conv('quick', QUICK.images, 16, [16, 16], 3),
    conv('quick', QUICK.images, 16, [16, 32], 3, 2),
    conv('quick', QUICK.images, 16, [16, 32], 1, 2),
    conv('quick', QUICK.images, 8, [32, 32], 3),
    conv('quick', QUICK.images, 8, [64, 64], 3),
    linear('quick', QUICK.cells, 64, 256),
    linear('quick', QUICK.cells, 256, 256),
    linear('quick', QUICK.cells, 256, 64),
    conv('resnet18', some(1), 28, [64, 64], 3),
    conv('resnet18', some(1), 28, [64, 128], 3, 2),
    conv('resnet18', some(1), 14, [128, 128], 3),
    conv('resnet18', some(2), 7, [256, 256], 3),
    conv('resnet50', some(4), 14, [256, 64], 1),
    conv('resnet50', some(4), 14, [64, 256], 1),
    conv('resnet50', some(4), 14, [256, 512], 1, 2),
    conv('resnet50', some(2), 7, [512, 2048], 1),
  ];
}

/** Zeros on every side. */
export const paddingOf = ({ kernel }: Layer): number => (kernel - 1) / 2;

export function layerShapes(layer: Layer): LayerShapes {
  const { count, size, cin, cout, kernel, stride } = layer;
  if (size === 0) return { x: [count, cin], w: [cin, cout], y: [count, cout] };
  const side = Math.ceil(size / stride);
  return { x: [count, size, size, cin], w: [kernel, kernel, cin, cout], y: [count, side, side, cout] };
}

/** Two for every multiply-add, zeros of the padding included: the same for each pass. */
export function layerFlop(layer: Layer): number {
  const { w, y } = layerShapes(layer);
  return (2 * sizeOf(y) * sizeOf(w)) / layer.cout;
}

/** Images have no gradient. */
export function passesOf({ cin }: Layer): Pass[] {
  return cin === 3 ? ['forward', 'dW'] : ['forward', 'dX', 'dW'];
}

export function drawLayerData(layer: Layer, random: Random): LayerData {
  const shapes = layerShapes(layer);
  const draw = (shape: readonly number[]) => Float32Array.from({ length: sizeOf(shape) }, () => random.uniform(-1, 1));
  return { shapes, x: draw(shapes.x), w: draw(shapes.w), dy: draw(shapes.y) };
}
