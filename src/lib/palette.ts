/** 8-bit sRGB. */
export type Colour = readonly [red: number, green: number, blue: number];

const MOST_CHROMA = 0.17;
/** Around the middle, so that white and black text and both themes contrast, and near each other, so that none shouts. */
const LIGHTNESSES = [0.72, 0.62, 0.8];
/** Up to this many hues can be told apart; beyond it neighbours also differ in lightness. */
const DISTINCT_HUES = 8;

/**
 * The colour of prototype `index` of `count`, the same everywhere and always: hues evenly spread in OKLCH
 * (https://bottosson.github.io/posts/oklab/) at similar lightness, each as colourful as the screen allows.
 */
export function prototypeColour(index: number, count: number): Colour {
  const lightness = LIGHTNESSES[count > DISTINCT_HUES ? lightnessIndex(index, count) : 0];
  const hue = (2 * Math.PI * (index + 0.08)) / count;
  let [inside, outside] = [0, MOST_CHROMA];
  // Bisect for the largest chroma that a screen can show.
  for (let round = 0; round < 12; round++) {
    const chroma = round === 0 ? MOST_CHROMA : (inside + outside) / 2;
    if (linearFromOklch(lightness, chroma, hue).every((value) => value >= 0 && value <= 1)) inside = chroma;
    else outside = chroma;
  }
  const [red, green, blue] = linearFromOklch(lightness, inside, hue).map(encodeSrgb);
  return [red, green, blue];
}

/** In turn; the last hue is a neighbour of the first and must not be as light. */
function lightnessIndex(index: number, count: number): number {
  const next = index % LIGHTNESSES.length;
  return next === 0 && index > 0 && index === count - 1 ? 1 : next;
}

/** All colours of a run. */
export function prototypeColours(count: number): Colour[] {
  return Array.from({ length: count }, (_, index) => prototypeColour(index, count));
}

/** Linear sRGB, outside [0, 1] where a screen can't show it. Hue in radians. */
function linearFromOklch(lightness: number, chroma: number, hue: number): [number, number, number] {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
}

/** The sRGB transfer curve (IEC 61966-2-1). */
function encodeSrgb(linear: number): number {
  return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
}
