import type { RegionTable } from '../../domain/regions.ts';
import { createRandom, type Random } from '../../lib/random.ts';
import { readRegionTable } from '../../regions/file/readRegions.ts';
import { originPart, photographsPart } from '../../regions/file/writeRegions.ts';
import { regionsOf } from '../../regions/regionPass.ts';
import { blobSource } from '../../worker/regions/blobSource.ts';

/** What a network would say of a photograph: a projection for each of its cells. */
export interface DrawnScene {
  readonly rows: number;
  readonly columns: number;
  /** [rows·columns,D] */
  readonly z: Float32Array;
}

export const SCENE_DIMENSIONS = 16;
export const SCENE_PROTOTYPES = 12;

const prototypes = (() => {
  const random = createRandom('prototypes');
  return Array.from({ length: SCENE_PROTOTYPES }, () => unit(SCENE_DIMENSIONS, random));
})();

/** A scene of these prototypes in boxes one over the other; each looks a little different in every scene. */
export function drawScene(random: Random, chosen: readonly number[]): DrawnScene {
  const [rows, columns] = [8, 10];
  const z = new Float32Array(rows * columns * SCENE_DIMENSIONS);
  chosen.forEach((prototype, layer) => {
    const own = unit(SCENE_DIMENSIONS, random);
    const [top, left] = layer === 0 ? [0, 0] : [random.integer(rows - 2), random.integer(columns - 3)];
    const [height, width] = layer === 0 ? [rows, columns] : [2 + random.integer(4), 3 + random.integer(4)];
    for (let row = top; row < Math.min(rows, top + height); row++) {
      for (let column = left; column < Math.min(columns, left + width); column++) {
        const at = (row * columns + column) * SCENE_DIMENSIONS;
        prototypes[prototype].forEach((value, d) => (z[at + d] = value + 0.4 * own[d]));
      }
    }
  });
  return { rows, columns, z };
}

/** `count` scenes of three to five of the first `kinds` prototypes. */
export function drawScenes(count: number, random: Random, kinds = SCENE_PROTOTYPES): DrawnScene[] {
  return Array.from({ length: count }, () =>
    drawScene(random, random.permutation(kinds).slice(0, 3 + random.integer(3))),
  );
}

/** The same scene looked at in other cells, from the other side, or with noise. */
export function alteredScene(
  scene: DrawnScene,
  { rows = scene.rows, columns = scene.columns, isMirrored = false, noise = 0 },
  random: Random,
): DrawnScene {
  const z = new Float32Array(rows * columns * SCENE_DIMENSIONS);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor(((row + 0.5) * scene.rows) / rows);
    for (let column = 0; column < columns; column++) {
      const seen = Math.floor(((column + 0.5) * scene.columns) / columns);
      const cell = from * scene.columns + (isMirrored ? scene.columns - 1 - seen : seen);
      for (let d = 0; d < SCENE_DIMENSIONS; d++) {
        const value = scene.z[cell * SCENE_DIMENSIONS + d] + noise * random.normal();
        z[(row * columns + column) * SCENE_DIMENSIONS + d] = value;
      }
    }
  }
  return { rows, columns, z };
}

/** The table that a pass over these scenes would find. */
export async function tableOfScenes(scenes: readonly DrawnScene[]): Promise<RegionTable> {
  const shape = { dimensions: SCENE_DIMENSIONS, prototypes: SCENE_PROTOTYPES, temperature: 0.05 };
  const photographs = scenes.map(({ rows, columns, z }, at) => {
    const dots = Float32Array.from({ length: rows * columns * SCENE_PROTOTYPES }, (_, index) => {
      const cell = Math.floor(index / SCENE_PROTOTYPES) * SCENE_DIMENSIONS;
      return prototypes[index % SCENE_PROTOTYPES].reduce((sum, value, d) => sum + value * z[cell + d], 0);
    });
    const found = regionsOf(z, dots, rows, columns, shape);
    // Cells of like projections look alike.
    const colors = Uint8Array.from({ length: 3 * rows * columns }, (_, index) => {
      const value = z[Math.floor(index / 3) * SCENE_DIMENSIONS + (index % 3)];
      return Math.min(255, Math.max(0, 128 + 300 * value));
    });
    return { path: `scene-${at}`, width: 10 * columns, height: 10 * rows, date: NaN, ...found, colors };
  });
  const origin = {
    step: 1,
    model: 'drawn',
    datasetName: 'drawn',
    datasetFingerprint: `drawn-${scenes.length}`,
    images: scenes.length,
    prototypes: SCENE_PROTOTYPES,
    dimensions: SCENE_DIMENSIONS,
    side: 80,
  };
  return readRegionTable(blobSource(new Blob([originPart(origin), photographsPart(photographs)])));
}

function unit(length: number, random: Random): Float32Array {
  const vector = Float32Array.from({ length }, () => random.normal());
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}
