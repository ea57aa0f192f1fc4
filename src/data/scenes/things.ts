import type { Random } from '../../lib/random.ts';
import { type Canvas, type Material, type Rgb, type Shape, glaze, paint } from './canvas.ts';
import { type NoiseField, clamp01, mix, valueNoise } from './noise.ts';
import { INK, type SampleClass, WHITE, hsv, labelOf, mixColors, pickColor, scaleColor } from './palette.ts';
import { ellipse, polygon, ragged, rectangle, stroke, union } from './shapes.ts';
import { leafTone, patchTone, plainTone, stripeTone, woolTone } from './textures.ts';

/** Draws one thing that stands (or floats) at x, y and is about `height` scene units tall. */
export type Thing = (canvas: Canvas, x: number, y: number, height: number, random: Random) => void;

function painter(canvas: Canvas, name: SampleClass): (shape: Shape, material: Material) => void {
  const label = labelOf(name);
  return (shape, material) => paint(canvas, label, shape, material);
}

function material(color: Rgb, tone: NoiseField, contrast = 0.45): Material {
  return { dark: scaleColor(color, 1 - contrast), light: scaleColor(color, 1 + contrast * 0.35), tone };
}

/** Brightens the side that faces the light, upper left. */
function rounded(tone: NoiseField, cx: number, cy: number, radius: number): NoiseField {
  return (x, y) => tone(x, y) - (0.22 * (x - cx + 1.4 * (y - cy))) / radius;
}

function castShadow(canvas: Canvas, x: number, y: number, width: number): void {
  const { distance, bounds } = ellipse(x + width * 0.12, y, width, width * 0.22);
  glaze(canvas, INK, bounds, (px, py) => 0.4 * clamp01((-distance(px, py) / (width * 0.22)) * 1.6));
}

export const drawTree: Thing = (canvas, x, y, height, random) => {
  const put = painter(canvas, 'tree');
  const color = pickColor('tree', random);
  const trunk = hsv(random.uniform(0.03, 0.1), random.uniform(0.25, 0.55), random.uniform(0.3, 0.6));
  const thick = height * 0.055;
  castShadow(canvas, x, y, height * 0.3);
  put(rectangle(x - thick, y - height * 0.45, x + thick, y), material(trunk, stripeTone(2.2, 1, 0.7), 0.5));
  const leaves = leafTone(random);
  if (random.chance(0.4)) drawFir(put, x, y, height, material(color, leaves, 0.6));
  else drawCrown(put, x, y, height, random, (tone) => material(color, tone, 0.6), leaves);
};

function drawFir(put: ReturnType<typeof painter>, x: number, y: number, height: number, leaves: Material): void {
  for (let tier = 0; tier < 3; tier++) {
    const bottom = y - height * (0.14 + 0.24 * tier);
    const half = height * (0.33 - 0.075 * tier);
    const tone: NoiseField = (px, py) =>
      leaves.tone(px, py) - 0.3 * ((px - x) / half) - 0.25 + (0.5 * (bottom - py)) / half;
    put(polygon([x, bottom - height * 0.4], [x + half, bottom], [x - half, bottom]), { ...leaves, tone });
  }
}

function drawCrown(
  put: ReturnType<typeof painter>,
  x: number,
  y: number,
  height: number,
  random: Random,
  paintLeaves: (tone: NoiseField) => Material,
  leaves: NoiseField,
): void {
  const radius = height * 0.33;
  const cy = y - height * 0.67;
  const lobes = Array.from({ length: 5 }, (_, lobe) => {
    const angle = (lobe / 5) * 2 * Math.PI + random.uniform(-0.4, 0.4);
    const reach = radius * random.uniform(0.35, 0.6);
    const size = radius * random.uniform(0.6, 0.8);
    return ellipse(x + Math.cos(angle) * reach, cy + Math.sin(angle) * reach, size, size * 0.95);
  });
  const seed = random.integer(1 << 30);
  const crown = ragged(union(...lobes), 0.8, (px, py) => 1.6 * (valueNoise(px * 0.45, py * 0.45, seed) - 0.5));
  put(crown, paintLeaves(rounded(leaves, x, cy, radius)));
}

export const drawHouse: Thing = (canvas, x, y, height, random) => {
  const put = painter(canvas, 'house');
  const half = height * random.uniform(0.48, 0.65);
  const eaves = y - height * 0.58;
  const ridge = y - height;
  const wall = pickColor('house', random);
  const roof = pickColor('brick wall', random);
  castShadow(canvas, x + half * 0.25, y, half * 1.05);
  if (random.chance(0.5)) {
    const at = x + half * random.uniform(0.2, 0.5);
    put(rectangle(at, ridge - height * 0.05, at + height * 0.13, eaves), material(roof, stripeTone(2, 0, 0.6)));
  }
  put(rectangle(x - half, eaves - 1, x + half, y), material(wall, wallTone(random), 0.3));
  const over = half * 1.14;
  const flat = half * random.uniform(0.05, 0.6);
  const outline = polygon([x - flat, ridge], [x + flat, ridge], [x + over, eaves], [x - over, eaves]);
  put(outline, material(scaleColor(roof, 0.8), stripeTone(2.6, 0, 0.9), 0.55));
  const doorX = x + half * random.uniform(-0.2, 0.2);
  const door = hsv(random.next(), random.uniform(0.4, 0.7), random.uniform(0.3, 0.6));
  put(rectangle(doorX - height * 0.09, y - height * 0.34, doorX + height * 0.09, y), material(door, plainTone(random)));
  const lit = random.chance(0.3) ? hsv(0.13, 0.45, 1) : hsv(0.57, 0.3, random.uniform(0.35, 0.75));
  for (const side of [-1, 1]) drawWindow(put, x + side * half * 0.62, y - height * 0.36, height * 0.09, lit);
};

function wallTone(random: Random): NoiseField {
  const kind = random.integer(3);
  return kind === 0 ? plainTone(random, 0.8) : stripeTone(random.uniform(3, 4.2), kind === 1 ? 0 : 1, 0.7);
}

function drawWindow(put: ReturnType<typeof painter>, x: number, y: number, radius: number, glass: Rgb): void {
  const frame = radius * 0.28;
  put(rectangle(x - radius - frame, y - radius - frame, x + radius + frame, y + radius + frame), {
    dark: WHITE,
    light: WHITE,
    tone: () => 0,
  });
  const tone: NoiseField = (px, py) => (Math.min(Math.abs(px - x), Math.abs(py - y)) < frame * 0.5 ? 1.6 : 0.3);
  put(rectangle(x - radius, y - radius, x + radius, y + radius), {
    dark: glass,
    light: mixColors(glass, WHITE, 0.6),
    tone,
  });
}

/** `y` is the waterline. */
export const drawBoat: Thing = (canvas, x, y, height, random) => {
  const put = painter(canvas, 'boat');
  const facing = random.chance(0.5) ? 1 : -1;
  const half = height * 0.5;
  const deck = y - height * 0.2;
  const at = (dx: number, py: number): [number, number] => [x + facing * dx, py];
  const convex = (...corners: [number, number][]): Shape => polygon(...(facing === 1 ? corners : corners.reverse()));
  const hull = pickColor('boat', random);
  glaze(canvas, INK, [x - half, y - 1, x + half, y + height * 0.12], (px, py) =>
    py < y - 1 ? 0 : 0.4 * clamp01(1 - (py - y) / (height * 0.12)) * clamp01((half * 0.85 - Math.abs(px - x)) / 2),
  );
  const sail = random.chance(0.5) ? hsv(0.12, 0.1, 0.97) : pickColor('flower', random);
  const foot = deck - height * 0.06;
  const cloth = random.chance(0.5) ? stripeTone(random.uniform(3.5, 5), 0, 1.3) : plainTone(random);
  const mast = hsv(0.07, 0.5, 0.35);
  put(stroke(x, deck, x, y - height, height * 0.018 + 0.25), { dark: mast, light: mast, tone: () => 0 });
  put(convex(at(1, y - height * 0.97), at(half * 0.8, foot), at(1, foot)), material(sail, cloth, 0.3));
  put(
    convex(at(-1, y - height * 0.85), at(-1, foot), at(-half * 0.62, foot)),
    material(sail, plainTone(random, 0.45), 0.3),
  );
  put(convex(at(-half * 0.8, deck), at(half, deck - height * 0.03), at(half * 0.62, y), at(-half * 0.6, y)), {
    dark: scaleColor(hull, 0.6),
    light: hull,
    tone: (_px, py) => (py - deck < height * 0.05 ? 1.5 : 0.9 - (py - deck) / (height * 0.3)),
  });
};

export const drawAnimal: Thing = (canvas, x, y, height, random) => {
  const put = painter(canvas, 'animal');
  const facing = random.chance(0.5) ? 1 : -1;
  const woolly = random.chance(0.5);
  const coat = woolly ? mixColors(pickColor('animal', random), WHITE, 0.35) : pickColor('animal', random);
  const skin = woolly ? scaleColor(coat, random.uniform(0.25, 0.5)) : scaleColor(coat, 0.8);
  const body = height * 0.46;
  const cy = y - height * 0.56;
  castShadow(canvas, x, y, body);
  const legs = material(skin, (px) => (px > x ? 0.4 : 0.7), 0.4);
  for (const leg of [-0.68, -0.4, 0.36, 0.64])
    put(stroke(x + leg * body, cy, x + leg * body, y - height * 0.05, height * 0.055), legs);
  const spots = mixColors(coat, random.chance(0.5) ? WHITE : INK, 0.75);
  const hide: Material = woolly
    ? material(coat, rounded(woolTone(random), x, cy, body), 0.5)
    : { dark: coat, light: spots, tone: patchTone(random) };
  const trunk = ellipse(x, cy, body, height * 0.29);
  const seed = random.integer(1 << 30);
  put(woolly ? ragged(trunk, 1, (px, py) => 1.4 * (valueNoise(px * 0.6, py * 0.6, seed) - 0.5)) : trunk, hide);
  const hx = x + facing * body * 1.02;
  const hy = cy - height * 0.2;
  put(
    union(
      ellipse(hx, hy, height * 0.15, height * 0.17),
      ellipse(hx + facing * height * 0.1, hy + height * 0.07, height * 0.1, height * 0.09),
    ),
    material(skin, rounded(plainTone(random), hx, hy, height * 0.2), 0.4),
  );
  put(
    stroke(
      hx - facing * height * 0.1,
      hy - height * 0.1,
      hx - facing * height * 0.2,
      hy - height * 0.16,
      height * 0.045,
    ),
    legs,
  );
  put(ellipse(hx + facing * height * 0.05, hy - height * 0.03, height * 0.03, height * 0.035), {
    dark: INK,
    light: INK,
    tone: () => 0,
  });
};

export const drawFlower: Thing = (canvas, x, y, height, random) => {
  const put = painter(canvas, 'flower');
  const petals = 5 + random.integer(4);
  const radius = height * 0.34;
  const cy = y - height + radius;
  const green = hsv(random.uniform(0.25, 0.36), 0.6, random.uniform(0.35, 0.6));
  const stem = { dark: green, light: green, tone: () => 0 };
  put(stroke(x, cy, x, y, height * 0.035 + 0.3), stem);
  put(ellipse(x + height * 0.11, y - height * 0.16, height * 0.12, height * 0.06), stem);
  const color = pickColor('flower', random);
  const turn = random.next();
  const blossom: Shape = {
    distance: (px, py) => {
      const angle = (Math.atan2(py - cy, px - x) / (2 * Math.PI) + turn) * petals;
      const bulge = Math.abs(Math.cos(Math.PI * angle));
      return Math.hypot(px - x, py - cy) - radius * mix(0.5, 1, Math.sqrt(bulge));
    },
    bounds: [x - radius, cy - radius, x + radius, cy + radius],
  };
  put(
    blossom,
    material(color, (px, py) => Math.hypot(px - x, py - cy) / radius, 0.35),
  );
  const heart = ellipse(x, cy, radius * 0.34, radius * 0.34);
  put(heart, material(hsv(random.uniform(0.08, 0.16), 0.8, random.uniform(0.5, 1)), plainTone(random)));
};

/** `height` is the diameter, x, y the center. */
export const drawSun: Thing = (canvas, x, y, height, random) => {
  const color = pickColor('sun or moon', random);
  const radius = height / 2;
  const reach = radius * 2.6;
  glaze(canvas, color, [x - reach, y - reach, x + reach, y + reach], (px, py) => {
    const away = clamp01((Math.hypot(px - x, py - y) - radius) / (reach - radius));
    return 0.55 * (1 - away) ** 2;
  });
  const seed = random.integer(1 << 30);
  const tone: NoiseField = (px, py) => 1 - 0.35 * valueNoise(px * 0.3, py * 0.3, seed);
  painter(canvas, 'sun or moon')(ellipse(x, y, radius, radius), {
    dark: scaleColor(color, 0.8),
    light: mixColors(color, WHITE, 0.4),
    tone,
  });
};
