import type { Random } from '../../lib/random.ts';
import {
  type NoiseField,
  SCENE_SIZE,
  cellHash,
  clamp01,
  cloudNoise,
  emptyCell,
  findCell,
  mix,
  smoothstep,
  valueNoise,
} from './noise.ts';

/**
 * Tones (0 dark … 1 light) of the materials. Each kind of stuff has statistics of its own (orientation, frequency,
 * contrast) at a few scene units per feature, so that an encoder with output stride 8 can distinguish them in any
 * color.
 */

const TURN = 2 * Math.PI;

function newSeed(random: Random): number {
  return random.integer(2 ** 30);
}

/** Smooth: paler towards the horizon, with wide soft clouds. */
export function skyTone(horizon: number, random: Random): NoiseField {
  const seed = newSeed(random);
  const cover = random.uniform(0.42, 0.75);
  const size = random.uniform(0.03, 0.05);
  return (x, y) => {
    const cloud = smoothstep(cover, cover + 0.3, cloudNoise(x * size, y * size * 2.6, seed));
    return mix(clamp01(y / horizon) * 0.6, 1.15, cloud * 0.8);
  };
}

/** Night sky: dark, with a few stars. */
export function starTone(horizon: number, random: Random): NoiseField {
  const seed = newSeed(random);
  const cell = emptyCell();
  return (x, y) => {
    const { near, value } = findCell(x / 9, y / 9, seed, cell);
    const star = value > 0.55 ? smoothstep(0.13, 0.02, near) * 4 * (value - 0.3) : 0;
    return clamp01(y / horizon) * 0.7 + star;
  };
}

/** Steep facets: diagonal strata that lean one way or the other, sharp and of high contrast. */
export function mountainTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const period = random.uniform(8, 11);
  return (x, y) => {
    const side = smoothstep(0.46, 0.54, valueNoise(x * 0.055, y * 0.02, seed));
    const lean = mix(-0.75, 0.75, side);
    const phase = (x * lean + y * 0.55) / period + 1.1 * valueNoise(x * 0.09, y * 0.09, seed + 1);
    const ramp = phase - Math.floor(phase);
    return mix(0.05, 0.55, side) + 0.45 * ramp + 0.12 * (valueNoise(x * 0.5, y * 0.5, seed + 2) - 0.5);
  };
}

/** Horizontal waves, wider towards the viewer, with bright crests. */
export function waterTone(horizon: number, random: Random): NoiseField {
  const seed = newSeed(random);
  const first = 3.6;
  // The period grows evenly from the horizon to the viewer; the phase is the integral of its inverse.
  const growth = (random.uniform(5.5, 8) - first) / (SCENE_SIZE - horizon);
  return (x, y) => {
    const waves = Math.log(1 + (growth / first) * Math.max(0, y - horizon)) / growth;
    const bend = 1.4 * valueNoise(x * 0.06, y * 0.06, seed) + 0.5 * valueNoise(x * 0.15, y * 0.15, seed + 1);
    const wave = 0.5 + 0.5 * Math.sin(TURN * (waves + bend));
    const glitter = valueNoise(x * 0.12, y * 0.35, seed + 2);
    return 0.15 + 0.4 * wave + 0.6 * glitter * wave * wave * wave;
  };
}

/** Upright blades: fine across, long downwards. */
export function grassTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const lean = random.uniform(-0.25, 0.25);
  return (x, y) => {
    const sway = x + lean * y;
    const blades = 0.6 * valueNoise(sway * 0.62, y * 0.13, seed) + 0.4 * valueNoise(sway * 1.05, y * 0.2, seed + 1);
    return 1.8 * (blades - 0.5) + 0.6 + 0.3 * (valueNoise(x * 0.05, y * 0.09, seed + 2) - 0.5);
  };
}

/** Fine grain with scattered dark pebbles. */
export function sandTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const cell = emptyCell();
  const spacing = random.uniform(5.5, 7.5);
  return (x, y) => {
    const { near, dy, value } = findCell(x / spacing, y / (spacing * 0.75), seed, cell);
    const radius = 0.12 + 0.2 * value;
    const pebble = value > 0.25 ? smoothstep(radius + 0.07, radius - 0.05, near) : 0;
    const ground = 0.68 + 0.5 * (valueNoise(x * 1.1, y * 1.1, seed + 1) - 0.5);
    return mix(ground, 0.1 - dy * 1.4, pebble);
  };
}

/** Bricks in running bond; the mortar is lighter or darker than all of them. */
export function brickTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const height = random.uniform(4.6, 6.4);
  const width = height * random.uniform(1.9, 2.3);
  const mortar = random.chance(0.6) ? 1.35 : -0.35;
  return (x, y) => {
    const row = Math.floor(y / height);
    const shifted = x / width + (row % 2) * 0.5;
    const column = Math.floor(shifted);
    const toEdge = Math.min((shifted - column) * width, (column + 1 - shifted) * width, y - row * height);
    const brick = 0.2 + 0.5 * cellHash(column, row, seed) + 0.2 * (valueNoise(x * 0.8, y * 0.8, seed + 1) - 0.5);
    return mix(mortar, brick, smoothstep(0.35, 1, toEdge));
  };
}

/** Round cobbles with dark joints, flatter towards the horizon. */
export function pavingTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const cell = emptyCell();
  const size = random.uniform(8, 10);
  return (x, y) => {
    const { near, next, dy, value } = findCell(x / size, y / (size * 0.7), seed, cell);
    return mix(-0.3, 0.4 + 0.45 * value - 0.5 * dy, smoothstep(0.04, 0.26, next - near));
  };
}

/** Clumps of leaves, each lit from above. */
export function leafTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const cell = emptyCell();
  const size = random.uniform(4, 5.2);
  return (x, y) => {
    const { near, dx, dy, value } = findCell(x / size, y / size, seed, cell);
    return 0.75 - 0.75 * near - 0.7 * dy - 0.3 * dx + 0.4 * (value - 0.5);
  };
}

/** Curls of wool. */
export function woolTone(random: Random): NoiseField {
  const seed = newSeed(random);
  const cell = emptyCell();
  return (x, y) => 1.05 - 0.75 * findCell(x / 3.4, y / 3, seed, cell).near;
}

/** Large blotches of two colors. */
export function patchTone(random: Random): NoiseField {
  const seed = newSeed(random);
  return (x, y) => smoothstep(0.47, 0.55, valueNoise(x * 0.17, y * 0.2, seed));
}

/** Evenly spaced lines across (`slope` 0) or upright (1). */
export function stripeTone(period: number, slope: 0 | 1, line: number): NoiseField {
  return (x, y) => {
    const phase = (slope === 1 ? x : y) / period;
    const ramp = phase - Math.floor(phase);
    return ramp * period < line ? 0 : 0.75 + 0.25 * ramp;
  };
}

/** Almost even. */
export function plainTone(random: Random, level = 0.7): NoiseField {
  const seed = newSeed(random);
  return (x, y) => level + 0.25 * (valueNoise(x * 0.4, y * 0.4, seed) - 0.5);
}
