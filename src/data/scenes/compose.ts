import type { Random } from '../../lib/random.ts';
import { type Canvas, type Material, type Rgb, type Shape, createCanvas, paint } from './canvas.ts';
import { type NoiseField, SCENE_SIZE, cellHash, clamp01, valueNoise } from './noise.ts';
import { type SampleClass, WHITE, hsv, labelOf, mixColors, pickColor, scaleColor } from './palette.ts';
import { below } from './shapes.ts';
import * as textures from './textures.ts';
import { type Thing, drawAnimal, drawBoat, drawFlower, drawHouse, drawSun, drawTree } from './things.ts';

type Ground = 'grass' | 'sand' | 'paving';
type Standing = 'tree' | 'house' | 'animal' | 'flower';

/** Classes that may occur together: context identifies them as much as appearance. */
interface Setting {
  /** Frequency relative to the other settings. */
  readonly weight: number;
  readonly backdrop: { readonly mountain: number; readonly wall: number; readonly water: number };
  readonly grounds: readonly Ground[];
  /** Probability of each kind of thing per candidate position. */
  readonly things: Readonly<Record<Standing, number>>;
}

const SETTINGS: readonly Setting[] = [
  // Meadow
  {
    weight: 5,
    backdrop: { mountain: 0.55, wall: 0, water: 0 },
    grounds: ['grass'],
    things: { tree: 0.4, house: 0.2, animal: 0.35, flower: 0.3 },
  },
  // Shore
  {
    weight: 4,
    backdrop: { mountain: 0.25, wall: 0, water: 1 },
    grounds: ['sand', 'sand', 'grass'],
    things: { tree: 0.2, house: 0.08, animal: 0.2, flower: 0.15 },
  },
  // Desert
  {
    weight: 2,
    backdrop: { mountain: 0.6, wall: 0, water: 0 },
    grounds: ['sand'],
    things: { tree: 0.2, house: 0.25, animal: 0.4, flower: 0.12 },
  },
  // Garden wall
  {
    weight: 4,
    backdrop: { mountain: 0, wall: 1, water: 0 },
    grounds: ['grass', 'paving', 'sand'],
    things: { tree: 0.3, house: 0, animal: 0.35, flower: 0.5 },
  },
  // Street
  {
    weight: 4,
    backdrop: { mountain: 0.3, wall: 0.3, water: 0 },
    grounds: ['paving'],
    things: { tree: 0.35, house: 0.6, animal: 0.25, flower: 0.2 },
  },
  // Open sea
  {
    weight: 2,
    backdrop: { mountain: 0.35, wall: 0, water: 1 },
    grounds: [],
    things: { tree: 0, house: 0, animal: 0, flower: 0 },
  },
];

/** Overlap of stuff behind the edge of what hides it: more than the deepest dip of that edge. */
const HIDDEN = 10;

/** Draws a scene: stuff from back to front, things from far to near, then exposure. */
export function composeScene(size: number, random: Random): Canvas {
  const canvas = createCanvas(size);
  const setting = pickSetting(random);
  const night = random.chance(0.12);
  const horizon = random.uniform(28, 52);
  const sky = paintSky(canvas, horizon, night, random);
  if (random.chance(setting.backdrop.mountain)) paintMountains(canvas, horizon, sky, random);
  if (random.chance(setting.backdrop.wall)) paintWall(canvas, horizon, random);
  const hasWater = random.chance(setting.backdrop.water);
  const shore = setting.grounds.length === 0 ? SCENE_SIZE + 6 : hasWater ? random.uniform(62, 80) : horizon;
  if (hasWater) paintWater(canvas, horizon, shore, random);
  if (setting.grounds.length > 0) {
    paintGround(canvas, setting.grounds[random.integer(setting.grounds.length)], shore, random);
    placeThings(canvas, setting, hasWater ? shore + 4 : horizon + 4, random);
  }
  expose(canvas, night, random);
  return canvas;
}

function pickSetting(random: Random): Setting {
  let left = random.next() * SETTINGS.reduce((sum, { weight }) => sum + weight, 0);
  return SETTINGS.find(({ weight }) => (left -= weight) < 0) ?? SETTINGS[0];
}

function paintStuff(canvas: Canvas, name: SampleClass, shape: Shape, material: Material): void {
  paint(canvas, labelOf(name), shape, material);
}

/** Material of a class: its color darkened and lightened by the tone. */
function stuffMaterial(name: SampleClass, tone: NoiseField, contrast: number, random: Random): Material {
  const color = pickColor(name, random);
  return { dark: scaleColor(color, 1 - contrast), light: mixColors(color, WHITE, contrast * 0.3), tone };
}

/** Paints the sky. Returns the color at the horizon, for the haze. */
function paintSky(canvas: Canvas, horizon: number, night: boolean, random: Random): Rgb {
  const day = pickColor('sky', random);
  const top = night ? hsv(random.uniform(0.58, 0.75), 0.6, random.uniform(0.1, 0.22)) : day;
  const light = night ? mixColors(top, day, 0.35) : mixColors(day, WHITE, 0.65);
  const tone = night ? textures.starTone(horizon, random) : textures.skyTone(horizon, random);
  paintStuff(
    canvas,
    'sky',
    below(-5, () => -5, horizon + HIDDEN),
    { dark: top, light, tone },
  );
  if (random.chance(night ? 0.9 : 0.5)) {
    const radius = random.uniform(4.5, 10);
    drawSun(canvas, random.uniform(8, 88), random.uniform(radius, horizon * 0.75), radius * 2, random);
  }
  return light;
}

function paintMountains(canvas: Canvas, horizon: number, haze: Rgb, random: Random): void {
  const seed = random.integer(1 << 30);
  const height = random.uniform(20, 38);
  const spread = random.uniform(0.03, 0.05);
  const ridge = (x: number): number => {
    const peaks = 1 - Math.abs(2 * valueNoise(x * spread, 0.5, seed) - 1);
    return horizon + 3 - height * (0.25 + 0.75 * peaks) - 3 * Math.abs(valueNoise(x * 0.2, 3.5, seed) - 0.5);
  };
  const rock = stuffMaterial('mountain', textures.mountainTone(random), 0.6, random);
  const far = { ...rock, dark: mixColors(rock.dark, haze, 0.15), light: mixColors(rock.light, haze, 0.2) };
  paintStuff(canvas, 'mountain', below(horizon - height, ridge, horizon + HIDDEN), far);
  if (random.chance(0.5)) {
    const snowLine = horizon - height * random.uniform(0.5, 0.75);
    const snow: Shape = {
      distance: (x, y) => Math.max(ridge(x) - y, y - snowLine - 8 * (valueNoise(x * 0.25, y * 0.1, seed + 1) - 0.5)),
      bounds: [0, horizon - height, SCENE_SIZE, horizon],
    };
    paintStuff(canvas, 'mountain', snow, { dark: mixColors(far.dark, WHITE, 0.4), light: WHITE, tone: far.tone });
  }
}

function paintWall(canvas: Canvas, horizon: number, random: Random): void {
  const top = random.chance(0.35) ? -5 : random.uniform(4, horizon * 0.55);
  const brick = stuffMaterial('brick wall', textures.brickTone(random), 0.35, random);
  paintStuff(
    canvas,
    'brick wall',
    below(top, () => top, horizon + HIDDEN),
    brick,
  );
}

function paintWater(canvas: Canvas, horizon: number, shore: number, random: Random): void {
  const water = stuffMaterial('water', textures.waterTone(horizon, random), 0.5, random);
  const edge = below(horizon, () => horizon, shore + HIDDEN);
  paintStuff(canvas, 'water', edge, { ...water, light: mixColors(water.light, WHITE, 0.35) });
  const boats = random.integer(3) + (shore > SCENE_SIZE ? 1 : 0);
  const lines = Array.from({ length: boats }, () => random.uniform(horizon + 5, Math.min(shore, 90) - 3));
  for (const y of lines.sort((a, b) => a - b))
    drawBoat(canvas, random.uniform(8, 88), y, perspective(y, horizon) * random.uniform(28, 44), random);
}

const GROUND_TONES: Readonly<Record<Ground, (random: Random) => NoiseField>> = {
  grass: textures.grassTone,
  sand: textures.sandTone,
  paving: textures.pavingTone,
};
const GROUND_CONTRAST: Readonly<Record<Ground, number>> = { grass: 0.6, sand: 0.5, paving: 0.5 };

function paintGround(canvas: Canvas, name: Ground, top: number, random: Random): void {
  const seed = random.integer(1 << 30);
  const hills = name === 'paving' ? 0 : random.uniform(2, 12);
  const rough = name === 'grass' ? 2.2 : 0.8;
  const edge = (x: number): number =>
    top + hills * (valueNoise(x * 0.03, 1.5, seed) - 0.5) + rough * (valueNoise(x * 0.5, 7.5, seed) - 0.5);
  const material = stuffMaterial(name, GROUND_TONES[name](random), GROUND_CONTRAST[name], random);
  paintStuff(canvas, name, below(top - hills - rough, edge), material);
}

/** Size of things that stand at y, relative to the nearest. */
function perspective(y: number, horizon: number): number {
  return 0.5 + (0.5 * (y - horizon)) / (SCENE_SIZE - horizon);
}

const THINGS: Readonly<Record<Standing, { draw: Thing; height: readonly [number, number] }>> = {
  tree: { draw: drawTree, height: [42, 70] },
  house: { draw: drawHouse, height: [38, 58] },
  animal: { draw: drawAnimal, height: [22, 36] },
  flower: { draw: drawFlower, height: [22, 36] },
};

/** Draws up to three things of each kind (two houses) at random positions, far ones first. */
function placeThings(canvas: Canvas, setting: Setting, top: number, random: Random): void {
  const placed: { kind: Standing; y: number }[] = [];
  for (const kind of Object.keys(THINGS) as Standing[]) {
    const max = kind === 'house' ? 2 : 3;
    for (let place = 0; place < max; place++)
      if (random.chance(setting.things[kind]))
        placed.push({ kind, y: random.uniform(top, kind === 'house' ? Math.min(88, top + 30) : 94) });
  }
  placed.sort((a, b) => a.y - b.y);
  for (const { kind, y } of placed) {
    const { draw, height } = THINGS[kind];
    draw(canvas, random.uniform(4, 92), y, random.uniform(...height) * perspective(y, top), random);
  }
}

/** Applies a light that falls off to one side, a tint, and camera noise to the whole image. */
function expose({ size, pixels }: Canvas, night: boolean, random: Random): void {
  const gain = night ? random.uniform(0.6, 0.8) : random.uniform(0.8, 1.15);
  const tint = [random.uniform(0.88, 1.1), random.uniform(0.93, 1.05), random.uniform(0.88, 1.1) * (night ? 1.15 : 1)];
  const angle = random.uniform(0, 2 * Math.PI);
  const slopeX = 0.14 * Math.cos(angle);
  const slopeY = 0.14 * Math.sin(angle);
  const grain = random.uniform(3, 7);
  const seed = random.integer(1 << 30);
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const light = gain * (1 + slopeX * (column / size - 0.5) * 2 + slopeY * (row / size - 0.5) * 2);
      const noise = grain * (cellHash(column, row, seed) - 0.5) * 2;
      for (let channel = 0; channel < 3; channel++, at++)
        pixels[at] = 255 * clamp01((pixels[at] * light * tint[channel] + noise) / 255);
    }
  }
}
