import { describe, expect, test } from 'vitest';
import { createRandom } from '../../lib/random.ts';
import { fitKMeans, nearestCenters } from '../../metrics/kmeans.ts';
import { scoreSegmentation } from '../../metrics/segmentation.ts';
import { createConfusionCounter } from '../../metrics/confusionCounter.ts';
import { SAMPLE_CLASS_NAMES, sampleScene, sampleScenes } from './samples.ts';

const SIZE = 96;
const CLASSES = SAMPLE_CLASS_NAMES.length;
const scenes = Array.from({ length: 200 }, (_, index) => sampleScene(1, index));

describe('sampleScene', () => {
  test('depends on seed and index only', () => {
    expect(sampleScene(1, 17)).toEqual(scenes[17]);
    expect(sampleScene(1, 18).image).not.toEqual(scenes[17].image);
    expect(sampleScene(2, 17).image).not.toEqual(scenes[17].image);
  });

  test('shows the same scene at any size', () => {
    const { image, mask } = sampleScene(1, 3, 2 * SIZE);
    expect([image.width, image.height, image.data.length, mask.length]).toEqual([192, 192, 192 * 192 * 3, 192 * 192]);
    const same = scenes[3].mask.filter((label, pixel) => {
      const row = Math.floor(pixel / SIZE);
      return mask[2 * row * 192 + 2 * (pixel % SIZE)] === label;
    });
    expect(same.length / SIZE ** 2).toBeGreaterThan(0.95);
  });

  test('labels every pixel, with every class in many of 200 scenes', () => {
    const scenesWith = new Array<number>(CLASSES).fill(0);
    for (const { mask } of scenes) {
      expect(mask).toHaveLength(SIZE * SIZE);
      for (const label of new Set(mask)) {
        expect(label).toBeLessThan(CLASSES);
        scenesWith[label]++;
      }
    }
    expect(Math.min(...scenesWith)).toBeGreaterThanOrEqual(20);
    const kinds = scenes.map(({ mask }) => new Set(mask).size);
    expect(kinds.reduce((sum, count) => sum + count) / kinds.length).toBeGreaterThan(3.5);
  });

  test('is neither black nor overexposed', () => {
    for (const { image } of scenes) {
      const mean = image.data.reduce((sum, level) => sum + level, 0) / image.data.length;
      expect(mean).toBeGreaterThan(20);
      expect(mean).toBeLessThan(235);
    }
  });
});

describe('classes', () => {
  test('are not identified by their mean color', () => {
    const sums = new Float64Array(CLASSES * 3);
    const counts = new Float64Array(CLASSES);
    for (const { image, mask } of scenes) {
      mask.forEach((label, pixel) => {
        counts[label]++;
        for (let channel = 0; channel < 3; channel++) sums[label * 3 + channel] += image.data[pixel * 3 + channel];
      });
    }
    const means = sums.map((sum, at) => sum / counts[Math.floor(at / 3)]);
    let right = 0;
    for (const { image, mask } of scenes) {
      nearestCenters(image.data, means, 3).forEach((label, pixel) => (right += label === mask[pixel] ? 1 : 0));
    }
    expect(right / (scenes.length * SIZE * SIZE)).toBeLessThan(0.4);
  });

  test('are identified by texture rather than color', () => {
    const some = scenes.slice(0, 60);
    const truth = Uint8Array.from(some.flatMap(({ mask }) => gridCells().map((at) => mask[at])));
    const colors = some.flatMap(({ image }) => gridCells().flatMap((at) => [...image.data.slice(at * 3, at * 3 + 3)]));
    const textures = some.flatMap(({ image }) => {
      const gray = grayOf(image.data);
      return gridCells().flatMap((at) => edgeEnergies(gray, at));
    });
    const colorNmi = clusterNmi(colors, 3, truth);
    const textureNmi = clusterNmi(textures, STEPS.length, truth);
    expect(colorNmi).toBeLessThan(0.3);
    expect(textureNmi).toBeGreaterThan(0.36);
  });
});

/** Centers of windows of 8 × 8 pixels. */
function gridCells(): number[] {
  const centers = Array.from({ length: 11 }, (_, cell) => 8 + cell * 8);
  return centers.flatMap((y) => centers.map((x) => y * SIZE + x));
}

function grayOf(data: Uint8Array): Float64Array {
  return Float64Array.from({ length: data.length / 3 }, (_, at) => data[at * 3] + data[at * 3 + 1] + data[at * 3 + 2]);
}

/** Offsets across, down and along both diagonals, 1 to 3 pixels. */
const STEPS = [1, 2, 3].flatMap((step) => [step, step * SIZE, step * (SIZE + 1), step * (SIZE - 1)]);

/** Logarithm of the mean squared difference to the neighbor at each step, over an 8 × 8 window. */
function edgeEnergies(gray: Float64Array, center: number): number[] {
  return STEPS.map((step) => {
    let energy = 0;
    for (let row = -4; row < 4; row++) {
      for (let column = -4; column < 4; column++) {
        const at = center + row * SIZE + column;
        energy += (gray[at] - (gray[at + step] ?? gray[at])) ** 2;
      }
    }
    return Math.log(energy / 64 + 80);
  });
}

function clusterNmi(points: number[], dimensions: number, truth: Uint8Array): number {
  const clusters = 16;
  const options = { clusters, dimensions, restarts: 1, maxIterations: 30 };
  const { centers } = fitKMeans(points, options, createRandom(1));
  const counter = createConfusionCounter(clusters);
  counter.add(nearestCenters(points, centers, dimensions), truth);
  return scoreSegmentation(counter.result().confusion).nmi;
}

test('sampleScenes returns the scenes of its seed', async () => {
  const source = sampleScenes(5, 1);
  expect([source.count, source.path(4)]).toEqual([5, 'scene-0004']);
  expect(await source.get(4)).toEqual(scenes[4].image);
  expect(source.fingerprint).not.toBe(sampleScenes(5, 2).fingerprint);
  expect(source.fingerprint).not.toBe(sampleScenes(6, 1).fingerprint);
});
