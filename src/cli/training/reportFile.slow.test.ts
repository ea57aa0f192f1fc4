import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { makeConfig } from '../../config/parse.ts';
import { presetConfig } from '../../config/presets.ts';
import { createRandom } from '../../lib/random.ts';
import { fakeRecord } from '../../testing/fakeRun.ts';
import { gridOf } from '../../testing/overlays.ts';
import { writeReport } from './reportFile.ts';

const [PROTOTYPES, IMAGES, SIDE, CELLS, STEPS] = [256, 32, 512, 32, 5000];

it('stays below 5 MB with as many images, slots and steps as a run may have, and its pictures open', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const config = makeConfig(presetConfig('paper'), { steps: STEPS, prototypes: PROTOTYPES, watchedImages: IMAGES });
    const random = createRandom('noise');
    const overlays = Array.from({ length: IMAGES }, (_, imageIndex) => {
      const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => random.integer(256));
      const labels = Array.from({ length: CELLS * CELLS }, () => random.integer(PROTOTYPES));
      const grid = gridOf(labels, CELLS, CELLS);
      return {
        imageIndex,
        path: `${imageIndex}.jpg`,
        dimensions: { width: 4000, height: 3000, orientation: 1 as const },
        preview: { width: SIDE, height: SIDE, data },
        grid,
        edges: grid,
      };
    });
    const file = join(folder, 'report.html');
    await writeReport(file, {
      job: { out: folder, images: undefined, resume: undefined, anew: false },
      summary: {
        config,
        where: 'node',
        engine: 'compiled',
        adapter: 'A card',
        images: { name: 'noise', count: 500, different: 500 },
        skipped: [],
        steps: STEPS,
        totalSteps: STEPS,
        outcome: 'finished',
        seconds: 5,
      },
      records: Array.from({ length: STEPS }, (_, at) => fakeRecord(at + 1, config)),
      overlays,
    });
    expect(statSync(file).size).toBeLessThan(5e6);
    const text = readFileSync(file, 'utf8');
    const [, photograph] = /id="photograph-31"[^>]*href="data:image\/jpeg;base64,([^"]+)"/.exec(text) ?? [];
    expect(await sharp(Buffer.from(photograph, 'base64')).metadata()).toMatchObject({ format: 'jpeg', width: 320 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
