import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import { sampleScene, SAMPLE_CLASS_NAMES } from '../../data/scenes/samples.ts';
import type { ImageSource, RgbImage } from '../../domain/images.ts';
import type { RegionOrigin, RegionTable } from '../../domain/regions.ts';
import { createRandom } from '../../lib/random.ts';
import { testEngine } from '../../testing/testEngine.ts';
import { createTrainer } from '../../trainer/trainer.ts';
import { blobSource } from '../../worker/regions/blobSource.ts';
import { readRegionTable } from '../file/readRegions.ts';
import { originPart, photographsPart } from '../file/writeRegions.ts';
import { findRegions, regionOrigin, type PhotographRegions } from '../regionPass.ts';
import { duplicatePairs } from './duplicatePairs.ts';
import { selectPhotographs } from './selectPhotographs.ts';

const opened = testEngine('compiled');

const SEED = 0;
const STEPS = 60;
/** Scenes that the pools are taken from. */
const DRAWN = 1500;
/** Classes that are rare in a pool: two scenes of each among 200 without any of them. */
const RARE = [
  ['mountain', 'sand', 'brick wall', 'paving'],
  ['water', 'mountain', 'brick wall', 'animal'],
  ['tree', 'water', 'sand', 'animal'],
];
const PICKED = 40;

/** Number of cells of each class in each scene, on a coarse grid. */
const present = Array.from({ length: DRAWN }, (_, index) => {
  const counts = SAMPLE_CLASS_NAMES.map(() => 0);
  for (const label of sampleScene(SEED, index, 24).mask) counts[label]++;
  return counts;
});

function poolOf(rareNames: readonly string[]): number[] {
  const rare = rareNames.map((name) => SAMPLE_CLASS_NAMES.indexOf(name));
  const holds = (index: number): number[] => rare.filter((label) => present[index][label] > 0);
  const scenes = [...present.keys()];
  const common = scenes.filter((index) => holds(index).length === 0).slice(0, 200);
  const few = rare.flatMap((label) =>
    scenes.filter((index) => holds(index).join() === String(label) && present[index][label] >= 6).slice(0, 2),
  );
  return [...common, ...few];
}

const classesOf = (scenes: Iterable<number>): number => {
  const seen = new Set<number>();
  for (const scene of scenes) present[scene].forEach((count, label) => count > 0 && seen.add(label));
  return seen.size;
};

/** A scene resized, recompressed or mirrored, as another program would. */
async function copyOf(scene: number, how: number): Promise<RgbImage> {
  const { image } = sampleScene(SEED, scene);
  const { data, width, height } = image;
  const original = sharp(data, { raw: { width, height, channels: 3 } });
  const copy = [original.clone().resize(72), original.clone().jpeg({ quality: 70 }), original.clone().flop().png()][
    how
  ];
  const encoded = await (how === 0 ? copy.png() : copy).toBuffer();
  const { data: pixels, info } = await sharp(encoded).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(pixels) };
}

describe('regions of a short run on drawn scenes', () => {
  const pools = RARE.map(poolOf);
  const scenes = [...new Set(pools.flat())];
  const copied = Array.from({ length: 20 }, (_, at) => 10 * at);
  let origin: RegionOrigin;
  const found: PhotographRegions[] = [];

  beforeAll(async () => {
    const engine = opened();
    const images: ImageSource = {
      name: 'drawn',
      count: scenes.length + copied.length,
      fingerprint: 'drawn',
      path: (index) => `scene-${index}`,
      dimensions: () => ({ width: 96, height: 96, orientation: 1 }),
      get: async (index) => {
        const at = index - scenes.length;
        return at < 0 ? sampleScene(SEED, scenes[index]).image : copyOf(scenes[copied[at]], at % 3);
      },
    };
    const config = makeConfig(presetConfig('tiny'), { steps: STEPS });
    const trainer = await createTrainer({ engine, config, images });
    for (let step = 0; step < STEPS; step++) await trainer.next();
    origin = await regionOrigin(engine, trainer.model, STEPS, images);
    for await (const one of findRegions(engine, trainer.model, images, 0)) found.push(one);
    trainer.dispose();
  });

  const tableOf = (photographs: PhotographRegions[]): Promise<RegionTable> =>
    readRegionTable(blobSource(new Blob([originPart(origin), photographsPart(photographs)])));

  it('40 that are selected hold more classes than 40 at random', async () => {
    const gains: number[] = [];
    for (const pool of pools) {
      const table = await tableOf(pool.map((scene) => found[scenes.indexOf(scene)]));
      const { photographs, coverage, random } = await selectPhotographs(table, PICKED, { random: createRandom(0) });
      const selected = classesOf([...photographs].map((at) => pool[at]));
      const draws = Array.from({ length: 10 }, (_, draw) =>
        classesOf(
          createRandom(draw)
            .permutation(pool.length)
            .slice(0, PICKED)
            .map((at) => pool[at]),
        ),
      );
      const mean = draws.reduce((sum, count) => sum + count, 0) / draws.length;
      gains.push(selected - mean);
      expect(coverage[PICKED - 1]).toBeGreaterThan(random[PICKED - 1]);
    }
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(0);
  });

  it('resized, recompressed and mirrored copies are among the first 40 pairs', async () => {
    const { pairs, values } = await duplicatePairs(await tableOf(found), 40, { random: createRandom(0) });
    const listed = new Set(Array.from(values, (_, at) => `${pairs[2 * at]} ${pairs[2 * at + 1]}`));
    const missed = copied.filter((scene, at) => !listed.has(`${scene} ${scenes.length + at}`));
    expect(missed).toEqual([]);
  });
});
