/** Pixels for 2D canvases: RGBA bytes, written as 32-bit words (little-endian: 0xAABBGGRR). */

export type Rgb = readonly [number, number, number];

export function packRgba([red, green, blue]: Rgb, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The picture itself, opaque. `rgb` holds 3 bytes a pixel. */
export function paintPicture(rgb: Uint8Array, out: Uint32Array): void {
  for (let at = 0, from = 0; at < out.length; at++, from += 3) {
    out[at] = 0xff000000 | ((rgb[from + 2] ?? 0) << 16) | ((rgb[from + 1] ?? 0) << 8) | (rgb[from] ?? 0);
  }
}

/** Every label as the first prototype of its class, by `leaders`. */
export function asClasses(labels: Uint16Array, leaders: Uint16Array): Uint16Array {
  return leaders.every((leader, prototype) => leader === prototype)
    ? labels
    : labels.map((prototype) => leaders[prototype] ?? prototype);
}

/** Every pixel in the colour of its prototype. */
export function paintLabels(labels: Uint16Array, palette: Uint32Array, out: Uint32Array): void {
  for (let at = 0; at < out.length; at++) out[at] = palette[labels[at] ?? 0] ?? 0;
}

/**
 * One prototype alone: its pixels stay clear, so that the picture shows, inside an outline of its colour; a veil lies
 * over the rest. `size` is the side of the square.
 */
export function paintIsolated(
  labels: Uint16Array,
  size: number,
  isolated: number,
  colours: { readonly outline: number; readonly veil: number },
  out: Uint32Array,
): void {
  const width = Math.max(1, Math.round(size / 110));
  const is = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < size && y < size && labels[y * size + x] === isolated;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      if (labels[at] !== isolated) {
        out[at] = colours.veil;
        continue;
      }
      const inner = is(x - width, y) && is(x + width, y) && is(x, y - width) && is(x, y + width);
      out[at] = inner ? 0 : colours.outline;
    }
  }
}

/** Share of the pixels per prototype 0…count−1 that has any, largest first. */
export function rankLabels(
  labels: Uint16Array,
  count: number,
): readonly { readonly prototype: number; readonly share: number }[] {
  const pixels = new Uint32Array(count);
  for (let at = 0; at < labels.length; at++) pixels[labels[at] ?? 0]! += 1;
  return Array.from(pixels, (held, prototype) => ({ prototype, share: held / labels.length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || a.prototype - b.prototype);
}
