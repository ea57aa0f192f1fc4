import { type NoiseField, SCENE_SIZE, clamp01, mix } from './noise.ts';

/** Levels 0…255, not yet rounded. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Two colors and their mixture over the scene: tone 0 is `dark`, 1 is `light`; other tones extrapolate. */
export interface Material {
  readonly dark: Rgb;
  readonly light: Rgb;
  readonly tone: NoiseField;
}

/** x0, y0, x1, y1 in scene units. */
export type Bounds = readonly [number, number, number, number];

/** A region as its signed distance: negative inside, in scene units near the edge. It lies within `bounds`. */
export interface Shape {
  readonly distance: NoiseField;
  readonly bounds: Bounds;
}

/** An image being drawn, with the class of every pixel. */
export interface Canvas {
  readonly size: number;
  /** RGB interleaved, levels 0…255. */
  readonly pixels: Float32Array;
  readonly mask: Uint8Array;
}

export function createCanvas(size: number): Canvas {
  return { size, pixels: new Float32Array(size * size * 3), mask: new Uint8Array(size * size) };
}

/** Paints a region with soft edges; pixels that it covers at least half get its class. */
export function paint(canvas: Canvas, label: number, { distance, bounds }: Shape, material: Material): void {
  const { pixels, mask, size } = canvas;
  const { dark, light, tone } = material;
  const pixelsPerUnit = size / SCENE_SIZE;
  forPixels(size, bounds, (x, y, index) => {
    const coverage = clamp01(0.5 - distance(x, y) * pixelsPerUnit);
    if (coverage === 0) return;
    const amount = tone(x, y);
    for (let channel = 0; channel < 3; channel++) {
      const at = index * 3 + channel;
      pixels[at] = mix(pixels[at], mix(dark[channel], light[channel], amount), coverage);
    }
    if (coverage >= 0.5) mask[index] = label;
  });
}

/** Blends the pixels towards a color by `strength` in 0…1; classes are kept. */
export function glaze(canvas: Canvas, color: Rgb, bounds: Bounds, strength: NoiseField): void {
  const { pixels, size } = canvas;
  forPixels(size, bounds, (x, y, index) => {
    const amount = strength(x, y);
    if (amount <= 0) return;
    for (let channel = 0; channel < 3; channel++) {
      const at = index * 3 + channel;
      pixels[at] = mix(pixels[at], color[channel], amount);
    }
  });
}

function forPixels(size: number, bounds: Bounds, visit: (x: number, y: number, index: number) => void): void {
  const unitsPerPixel = SCENE_SIZE / size;
  const [x0, y0, x1, y1] = bounds.map((side) => side / unitsPerPixel) as [number, number, number, number];
  const lastRow = Math.min(size, Math.ceil(y1) + 1);
  const lastColumn = Math.min(size, Math.ceil(x1) + 1);
  const firstColumn = Math.max(0, Math.floor(x0) - 1);
  for (let row = Math.max(0, Math.floor(y0) - 1); row < lastRow; row++)
    for (let column = firstColumn; column < lastColumn; column++)
      visit((column + 0.5) * unitsPerPixel, (row + 0.5) * unitsPerPixel, row * size + column);
}

/** Converts the canvas to 8 bits. */
export function develop(canvas: Canvas): Uint8Array {
  const levels = new Uint8ClampedArray(canvas.pixels.length);
  levels.set(canvas.pixels);
  return new Uint8Array(levels.buffer);
}
