/** Draws an image, opaque, as 32-bit words of RGBA (little-endian). `rgb` holds 3 bytes per pixel. */
export function paintImage(rgb: Uint8Array, out: Uint32Array): void {
  for (let at = 0, from = 0; at < out.length; at++, from += 3) {
    out[at] = (0xff000000 | (rgb[from + 2] << 16) | (rgb[from + 1] << 8) | rgb[from]) >>> 0;
  }
}
