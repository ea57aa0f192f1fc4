import { join } from 'node:path';
import { REGION_FORMS, type RegionOrigin, type RegionTable } from '../domain/regions.ts';
import { UserError } from '../lib/errors.ts';
import { isCount } from '../lib/isCount.ts';
import { createRandom } from '../lib/random.ts';
import type { PrototypeClasses } from '../domain/classes.ts';
import type { ImageSource } from '../domain/images.ts';
import { listCsv, listNames } from '../domain/lists/photographLists.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { exportRegions, regionFileName } from '../regions/exports/exportRegions.ts';
import { keepRegions } from '../regions/file/keepRegions.ts';
import { readRegionTable } from '../regions/file/readRegions.ts';
import { selectPhotographs } from '../regions/find/selectPhotographs.ts';
import { loadCheckpoint, writeChunks } from './checkpointFile.ts';
import { command, parseOptions, UsageError } from './command.ts';
import { engineOption, openEngine } from './engine.ts';
import { checkFolder, makeFolder } from './output/outputPath.ts';
import { openRegionFile } from './regions/regionFile.ts';
import { readImages } from './training/trainingImages.ts';

/** What a pass has found so far: the same command again goes on with it. */
const COLUMNS = 'regions.columns';

const USAGE = `Usage: npm run regions -- --checkpoint FILE --out DIR [--images DIR] [--select N] [--overwrite] [--engine compiled|eager]
  Finds the regions of every image of --images DIR (without it: the built-in scenes), with the vector of each, and writes
  ${REGION_FORMS.map(regionFileName).join(', ')} below --out.
  The same command again goes on where it was interrupted.
  --checkpoint FILE          of slotcon-tab or of SlotCon's published code
  --select N                 also writes selected.csv and selected.txt: N images to label first, which cover the regions best
  --overwrite                replaces the regions of another model or folder in --out
  --engine compiled|eager    what computes (default compiled where there is WebGPU)`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    checkpoint: { type: 'string' },
    images: { type: 'string' },
    out: { type: 'string' },
    select: { type: 'string' },
    overwrite: { type: 'boolean', default: false },
    engine: { type: 'string' },
  });
  const { checkpoint: path, images, out, overwrite } = values;
  if (path === undefined || out === undefined) throw new UsageError('--checkpoint and --out are needed.');
  const engineName = engineOption(values.engine);
  const select = Number(values.select ?? NaN);
  if (values.select !== undefined && !(isCount(select) && select > 0)) {
    throw new UsageError(`--select is "${values.select}"; it takes a number of images, 1 or more.`);
  }
  checkFolder(out);
  const checkpoint = loadCheckpoint(path);
  const { source } = await readImages(images, checkpoint.config.workingSize);
  if (source.count === 0) {
    const what = `None of the files in "${images}" is a usable image: choose another folder.`;
    throw new UserError('dataset/empty', what);
  }
  makeFolder(out);
  const table = await findAll(checkpoint, source, join(out, COLUMNS), overwrite, engineName);
  await writeForms(table, checkpoint.classes, out);
  console.log(`${table.regions.count} regions of ${table.photographs.count} images in ${out}`);
  if (values.select !== undefined) await writeSelection(table, select, out);
});

async function findAll(
  checkpoint: Checkpoint,
  images: ImageSource,
  path: string,
  overwrite: boolean,
  engineName: ReturnType<typeof engineOption>,
): Promise<RegionTable> {
  const { engine } = await openEngine(engineName);
  const file = await openRegionFile(path);
  const refuse = (found: RegionOrigin | undefined): void => {
    if (overwrite) return;
    const what = found ? `the regions of step ${found.step} on "${found.datasetName}"` : 'something else';
    const remedy = 'Name another folder, or add --overwrite to replace it';
    throw new UserError(
      'regions/other',
      `"${path}" holds ${what}, not those of this model and these images. ${remedy}.`,
    );
  };
  try {
    const { step } = checkpoint.position;
    await withCheckpointModel(
      engine,
      checkpoint,
      (model) =>
        keepRegions(
          { engine, model, step, images },
          file,
          (done) =>
            showLine(done < images.count ? `Finding regions · ${Math.floor(done)} of ${images.count} images` : ''),
          refuse,
        ),
      { optimizer: 'optional' },
    );
    return await readRegionTable(file);
  } finally {
    await file.close();
  }
}

async function writeForms(table: RegionTable, classes: PrototypeClasses, out: string): Promise<void> {
  for (const form of REGION_FORMS) {
    await writeChunks(join(out, regionFileName(form)), exportRegions(form, table, classes));
  }
}

async function writeSelection(table: RegionTable, count: number, out: string): Promise<void> {
  const { photographs, coverage, random } = await selectPhotographs(table, count, {
    random: createRandom('selection'),
    pace: async (fraction) => showLine(`Choosing images · ${Math.floor(100 * fraction)}%`),
  });
  showLine('');
  const csv = listCsv(photographs, table, { name: 'coverage', of: coverage });
  await writeChunks(join(out, 'selected.csv'), [new TextEncoder().encode(csv)]);
  await writeChunks(join(out, 'selected.txt'), [new TextEncoder().encode(listNames(photographs, table))]);
  const [ours, theirs] = [coverage, random].map((values) => (values.at(-1) ?? 0).toFixed(3));
  console.log(`Coverage of ${photographs.length} images to label first: ${ours}; of as many random ones: ${theirs}`);
}

/** Shows a line on a terminal, in place of the last one. */
function showLine(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`);
}
