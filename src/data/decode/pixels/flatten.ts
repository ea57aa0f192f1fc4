import type { StoredPixels } from './storedPixels.ts';

/** Background of transparent pixels: mid gray, so that neither light nor dark images get a bright edge. */
const BACKGROUND = 128;

type Levels = Uint8Array | Uint8ClampedArray;

/** Returns a function that turns 8-bit levels of `channels` into RGB on the background. */
export function createFlatten({ channels, isPremultiplied = false }: StoredPixels): (levels: Levels) => Levels {
  if (channels === 3) return (levels) => levels;
  const isGray = channels < 3;
  if (channels === 1) return spreadGray;
  return (levels) => {
    const rgb = new Uint8ClampedArray((levels.length / channels) * 3);
    for (let from = 0, to = 0; from < levels.length; from += channels, to += 3) {
      const alpha = levels[from + channels - 1];
      const [green, blue] = isGray ? [from, from] : [from + 1, from + 2];
      if (alpha === 255) {
        rgb[to] = levels[from];
        rgb[to + 1] = levels[green];
        rgb[to + 2] = levels[blue];
        continue;
      }
      // A canvas keeps colors multiplied by alpha, rounded to 8 bits: done alike everywhere, results are equal.
      const behind = multiply(BACKGROUND, 255 - alpha);
      const factor = isPremultiplied ? 255 : alpha;
      rgb[to] = multiply(levels[from], factor) + behind;
      rgb[to + 1] = multiply(levels[green], factor) + behind;
      rgb[to + 2] = multiply(levels[blue], factor) + behind;
    }
    return rgb;
  };
}

function spreadGray(levels: Levels): Levels {
  const rgb = new Uint8Array(levels.length * 3);
  for (let from = 0, to = 0; from < levels.length; from++) {
    rgb[to++] = levels[from];
    rgb[to++] = levels[from];
    rgb[to++] = levels[from];
  }
  return rgb;
}

/** `a * b / 255`, rounded. */
function multiply(a: number, b: number): number {
  return Math.round((a * b) / 255);
}
