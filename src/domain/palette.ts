import { convertLchToLab, convertOklabToRgb, convertRgbToLrgb, convertRgbToOklab } from 'culori/fn';

/** 8-bit sRGB. */
export type Color = readonly [red: number, green: number, blue: number];

/** OKLab, in which equal distances look about equally large (https://bottosson.github.io/posts/oklab/). */
type Lab = readonly [lightness: number, a: number, b: number];

/**
 * Colors closer than this are hard to tell apart where segments touch: four times the just noticeable difference, as the
 * image shows through and may change from one segment to the next.
 */
export const ALIKE = 0.08;

/** Number of textures, which distinguish similar colors; texture 0 is none. */
export const TEXTURES = 8;

interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
}

interface Gamut {
  readonly upTo: number;
  readonly lightness: readonly [number, number];
  readonly minChroma: number;
  /** Against the surfaces of both themes (WCAG 2, 1.4.11 requires 3). */
  readonly minContrast: number;
}

/** Few prototypes differ by hue at a high contrast; more need a wider range of lightness too. */
const GAMUTS: readonly Gamut[] = [
  { upTo: 16, lightness: [0.5, 0.7], minChroma: 0.07, minContrast: 3 },
  { upTo: 64, lightness: [0.5, 0.8], minChroma: 0.06, minContrast: 1 },
  { upTo: Infinity, lightness: [0.45, 0.85], minChroma: 0.05, minContrast: 1 },
];
/** Relative luminances of the page's dark and light surface. */
const [DARK, LIGHT] = [
  luminanceOf({ r: 0x1e / 255, g: 0x1f / 255, b: 0x22 / 255 }),
  luminanceOf({ r: 0xfc / 255, g: 0xfc / 255, b: 0xfd / 255 }),
];
const [LIGHTNESSES, HUES, CHROMA_STEP, MAX_CHROMA] = [9, 60, 0.02, 0.25];
/** A warm red, in degrees. */
const FIRST_HUE = 24;

/** Color of prototype `index` of `count`. */
export function prototypeColor(index: number, count: number): Color {
  return paletteOf(count).colors[index] ?? [128, 128, 128];
}

/** Colors of `count` prototypes. */
export function prototypeColors(count: number): readonly Color[] {
  return paletteOf(count).colors;
}

/**
 * Texture of each of `count` prototypes, [count]; any two with similar colors have different ones. Fixed per prototype,
 * like its color. Up to 32 prototypes need none.
 */
export function prototypeTextures(count: number): Uint8Array {
  return paletteOf(count).textures;
}

/** True if two prototypes have similar colors (see `ALIKE`). */
export function areAlike(one: number, other: number, count: number): boolean {
  const { labs } = paletteOf(count);
  return distance(labs[one], labs[other]) < ALIKE;
}

/** Distance in OKLab. */
export function colorDistance(one: Color, other: Color): number {
  return distance(labOf(one), labOf(other));
}

interface Palette {
  readonly colors: readonly Color[];
  readonly labs: readonly Lab[];
  readonly textures: Uint8Array;
}

const cache = new Map<number, Palette>();

function paletteOf(count: number): Palette {
  const palette = cache.get(count) ?? createPalette(count);
  cache.set(count, palette);
  return palette;
}

/**
 * Picks colors from a grid in OKLCH within sRGB, each the farthest from all before it (Gonzalez 1985: no choice has more
 * than twice the smallest distance of this one).
 */
function createPalette(count: number): Palette {
  const candidates = gridOf(GAMUTS.find(({ upTo }) => count <= upTo) ?? GAMUTS[GAMUTS.length - 1]);
  const nearest = new Float64Array(candidates.length).fill(Infinity);
  const chosen: Candidate[] = [];
  let next = firstOf(candidates);
  while (chosen.length < Math.min(count, candidates.length)) {
    const taken = candidates[next];
    chosen.push(taken);
    next = 0;
    for (let at = 0; at < candidates.length; at++) {
      nearest[at] = Math.min(nearest[at], distance(candidates[at].lab, taken.lab));
      if (nearest[at] > nearest[next]) next = at;
    }
  }
  const all = Array.from({ length: count }, (_, index) => chosen[index % chosen.length]);
  const labs = all.map(({ lab }) => lab);
  return { colors: all.map(({ color }) => color), labs, textures: texturesOf(labs) };
}

/** Gives each prototype the lowest texture that no earlier one of a similar color has. */
function texturesOf(labs: readonly Lab[]): Uint8Array {
  const textures = new Uint8Array(labs.length);
  labs.forEach((lab, index) => {
    let taken = 0;
    for (let before = 0; before < index; before++) {
      if (distance(labs[before], lab) < ALIKE) taken |= 1 << textures[before];
    }
    let free = 0;
    while (free < TEXTURES && taken & (1 << free)) free++;
    textures[index] = free < TEXTURES ? free : index % TEXTURES;
  });
  return textures;
}

interface Candidate {
  readonly color: Color;
  readonly lab: Lab;
  readonly hue: number;
  readonly chroma: number;
}

function gridOf({ lightness: [darkest, lightest], minChroma, minContrast }: Gamut): Candidate[] {
  const candidates: Candidate[] = [];
  for (let level = 0; level < LIGHTNESSES; level++) {
    const l = darkest + ((lightest - darkest) * level) / (LIGHTNESSES - 1);
    for (let at = 0; at < HUES; at++) {
      const hue = (360 * at) / HUES;
      for (let chroma = minChroma; chroma <= MAX_CHROMA; chroma += CHROMA_STEP) {
        const { r, g, b } = convertOklabToRgb(convertLchToLab({ l, c: chroma, h: hue }));
        // Outside sRGB, as are higher chromas.
        if ([r, g, b].some((value) => value < 0 || value > 1)) break;
        if (minContrast > 1 && contrastOf({ r, g, b }) < minContrast + 0.02) continue;
        const color: Color = [Math.round(255 * r), Math.round(255 * g), Math.round(255 * b)];
        candidates.push({ color, lab: labOf(color), hue, chroma });
      }
    }
  }
  return candidates;
}

/** The smaller of the contrasts with both surfaces. */
function contrastOf(color: Rgb): number {
  const luminance = luminanceOf(color);
  return Math.min((LIGHT + 0.05) / (luminance + 0.05), (luminance + 0.05) / (DARK + 0.05));
}

/** Relative luminance (WCAG 2). */
function luminanceOf(color: Rgb): number {
  const { r, g, b } = convertRgbToLrgb(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The most colorful of the first hue. */
function firstOf(candidates: readonly Candidate[]): number {
  let first = 0;
  candidates.forEach(({ hue, chroma }, at) => {
    if (hue === FIRST_HUE && chroma > (candidates[first].hue === FIRST_HUE ? candidates[first].chroma : 0)) first = at;
  });
  return first;
}

function labOf([red, green, blue]: Color): Lab {
  const { l, a, b } = convertRgbToOklab({ r: red / 255, g: green / 255, b: blue / 255 });
  return [l, a, b];
}

function distance(one: Lab, other: Lab): number {
  const [l, a, b] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
  // Math.hypot is many times slower, and a palette of 256 takes a million distances.
  return Math.sqrt(l * l + a * a + b * b);
}
