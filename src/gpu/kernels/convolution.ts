import type { Kernel } from '../kernel.ts';
import { splitDepth } from './gemm.ts';
import { QUAD, type GemmStrategy } from './gemmCode.ts';
import { gemmKernel } from './gemmKernel.ts';
import { denseGrid, FILTER, forwardAddressing, INPUT, tapWords } from './gemmWindows.ts';
import type { GemmShared, GemmSlice } from './gemmSlice.ts';

/** A convolution NHWC [images, height, width, cin] · HWIO [kernelHeight, kernelWidth, cin, cout], zero padding all round. */
export interface ConvGeometry {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly cin: number;
  readonly cout: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** Height and width of the result. */
export function convOutputSize(geometry: ConvGeometry): [height: number, width: number] {
  const { height, width, kernelHeight, kernelWidth, stride, padding, dilation } = geometry;
  const places = (size: number, kernel: number): number =>
    Math.floor((size + 2 * padding - (kernel - 1) * dilation - 1) / stride) + 1;
  return [places(height, kernelHeight), places(width, kernelWidth)];
}

/** Operands [x, w, y]: y = x * w, [images, height, width, cin] · [kh, kw, cin, cout] → [images, oh, ow, cout]. */
export function convForwardKernel(geometry: ConvGeometry, aligned: boolean, strategy: GemmStrategy): Kernel {
  const { images, cin, cout, kernelHeight, kernelWidth } = geometry;
  const [outHeight, outWidth] = convOutputSize(geometry);
  const [rows, depthEnd] = [images * outHeight * outWidth, kernelHeight * kernelWidth * cin];
  const pixels = runPixels(geometry, strategy);
  const plan = {
    name: 'convForward',
    aligned,
    n: cout,
    flop: 2 * rows * depthEnd * cout,
    addressing: forwardAddressing(strategy),
    shared: { ...imageShape(geometry), ...denseGrid(outHeight, outWidth) },
    slices: [{ rows, depthEnd, ...windows(geometry), run: pixels * cin }],
    extra: windowTaps(geometry, pixels),
  };
  return gemmKernel(plan, strategy);
}

/**
 * Operands [x, dy, out]: the gradient of w in `splits` parts [splits, kh·kw·cin, cout], to be added by another kernel;
 * dy [images, oh, ow, cout].
 */
export function convFilterKernel(
  geometry: ConvGeometry,
  splits: number,
  aligned: boolean,
  strategy: GemmStrategy,
): Kernel {
  const { images, cin, cout, kernelHeight, kernelWidth } = geometry;
  const [outHeight, outWidth] = convOutputSize(geometry);
  const [rows, depth] = [kernelHeight * kernelWidth * cin, images * outHeight * outWidth];
  const plan = {
    name: 'convFilter',
    addressing: FILTER,
    aligned,
    n: cout,
    flop: 2 * rows * depth * cout,
    shared: imageShape(geometry),
    slices: Array.from({ length: splits }, (_, split) => ({
      rows,
      out: split * rows * cout,
      ...splitDepth(depth, splits, split),
      ...windows(geometry),
    })),
    extra: windowTaps(geometry, 1),
  };
  return gemmKernel(plan, strategy);
}

function imageShape({ height, width, cin, stride }: ConvGeometry): GemmShared {
  return { height, width, channels: cin, step: stride };
}

function windows(geometry: ConvGeometry): GemmSlice {
  const [gridHeight, gridWidth] = convOutputSize(geometry);
  return { gridHeight, gridWidth, top: -geometry.padding, left: -geometry.padding, run: geometry.cin };
}

/**
 * Pixels that are read as one run: those of a line of the window, where they lie next to each other and it pays. More than 4
 * lanes have little to do for a run, unless it is as short as a pixel of a photograph.
 */
function runPixels({ cin, kernelWidth, dilation }: ConvGeometry, { kind, lanes }: GemmStrategy): number {
  const pays = kind === 'subgroup' && (lanes === QUAD || cin < QUAD);
  return pays && dilation === 1 ? kernelWidth : 1;
}

/** The taps of a whole window, or the first of each run of `pixels` of them. */
function windowTaps({ width, cin, kernelHeight, kernelWidth, dilation }: ConvGeometry, pixels: number): number[] {
  return Array.from({ length: (kernelHeight * kernelWidth) / pixels }, (_, run) => {
    const t = run * pixels;
    const [y, x] = [Math.floor(t / kernelWidth) * dilation, (t % kernelWidth) * dilation];
    return tapWords(y, x, width, cin, t * cin);
  }).flat();
}

/**
 * Operands [dy, wt, dx]: the gradient of x, [images, oh, ow, cout] · [kh, kw, cout, cin] → [images, height, width, cin].
 * The pixels of x fall into stride² classes by where a window can lie over them; each class is a convolution of dy with
 * the taps that meet it, and a slice of its own.
 */
export function convInputKernel(geometry: ConvGeometry, aligned: boolean, strategy: GemmStrategy): Kernel {
  const { images, height, width, cin, cout, stride } = geometry;
  const [outHeight, outWidth] = convOutputSize(geometry);
  const extra: number[] = [];
  const slices: GemmSlice[] = [];
  let flop = 0;
  for (let phase = 0; phase < stride * stride; phase++) {
    const down = phaseOf(Math.floor(phase / stride), height, geometry.kernelHeight, geometry);
    const across = phaseOf(phase % stride, width, geometry.kernelWidth, geometry);
    const taps = down.taps.flatMap((v) =>
      across.taps.map((h) => ({ y: v.shift, x: h.shift, row: v.index * geometry.kernelWidth + h.index })),
    );
    const rows = images * down.count * across.count;
    if (rows === 0) continue;
    slices.push({
      rows,
      depthEnd: taps.length * cout,
      taps: extra.length,
      run: cout,
      gridHeight: down.count,
      gridWidth: across.count,
      top: down.first,
      left: across.first,
      outTop: down.pixel,
      outLeft: across.pixel,
    });
    extra.push(...taps.flatMap(({ y, x, row }) => tapWords(y, x, outWidth, cout, row * cout)));
    flop += 2 * rows * taps.length * cout * cin;
  }
  const shared = {
    height: outHeight,
    width: outWidth,
    channels: cout,
    step: 1,
    outHeight: height,
    outWidth: width,
    outStep: stride,
  };
  const plan = { name: 'convInput', addressing: INPUT, aligned, n: cin, shared, slices, extra, flop };
  return gemmKernel(plan, strategy);
}

interface Phase {
  /** Pixels of this class, the first of them, and the place in dy where a window with its corner there would stand. */
  readonly count: number;
  readonly pixel: number;
  readonly first: number;
  /** Kernel rows that meet them, and how far from `first` on in dy. */
  readonly taps: readonly { readonly index: number; readonly shift: number }[];
}

/** In one direction: pixels with (pixel + padding) mod stride = phase. */
function phaseOf(phase: number, size: number, kernel: number, { stride, padding, dilation }: ConvGeometry): Phase {
  const first = Math.ceil((padding - phase) / stride);
  const pixel = first * stride + phase - padding;
  const taps = Array.from({ length: kernel }, (_, index) => ({ index, shift: (phase - index * dilation) / stride }));
  return {
    count: Math.max(0, Math.ceil((size - pixel) / stride)),
    pixel,
    first,
    taps: taps.filter(({ shift }) => Number.isInteger(shift)),
  };
}
