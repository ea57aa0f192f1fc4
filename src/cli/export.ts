import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { writeNpy } from '../checkpoint/exports/npy.ts';
import { EXPORT_FORMATS } from '../checkpoint/formats.ts';
import type { ImageSource } from '../domain/images.ts';
import type { MaskOptions } from '../domain/maskForms.ts';
import { defined } from '../lib/defined.ts';
import { UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/engine.ts';
import type { Model } from '../slotcon/model.ts';
import { embedImages } from '../inference/embed.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { maskArchive } from '../inference/masks/maskArchive.ts';
import type { Photographs } from '../inference/masks/maskWriter.ts';
import { wholeMasks } from '../inference/masks/wholeMasks.ts';
import { allImages, createWholeSegmenter, segmentWholeImages } from '../inference/slotGrids.ts';
import { loadCheckpoint, writeChunks } from './checkpointFile.ts';
import { command, oneOf, parseOptions, UsageError } from './command.ts';
import { engineOption, openEngine } from './engine.ts';
import { checkFile } from './output/outputPath.ts';
import { MASK_FLAGS, MASKS_USAGE, parseMaskOptions } from './maskOptions.ts';
import { openPhotographs } from './photographs.ts';
import { readImages } from './training/trainingImages.ts';

/** Exports that need images and a device, unlike the other formats. */
const [EMBEDDINGS, MASKS] = ['embeddings-npy', 'masks'] as const;

const USAGE = `Usage: npm run export -- --checkpoint FILE --to FORMAT --out FILE
  FILE is a checkpoint of slotcon-tab or of SlotCon's published code. FORMAT is one of
${EXPORT_FORMATS.map(({ id, purpose }) => `    ${id.padEnd(15)} ${purpose}`).join('\n')}
    ${EMBEDDINGS.padEnd(15)} A row for each image of --images DIR: the mean of the teacher's features; names in a .txt beside.
    ${MASKS.padEnd(15)} A zip for the images of --images DIR (without it: the built-in scenes), in their size.
${MASKS_USAGE}
  --overwrite                replaces --out where it is there already
  --engine compiled|eager    what computes embeddings and masks (default compiled where there is WebGPU)`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    checkpoint: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
    overwrite: { type: 'boolean', default: false },
    images: { type: 'string' },
    engine: { type: 'string' },
    ...MASK_FLAGS,
  });
  const { checkpoint: path, to, out, images } = values;
  if (path === undefined || to === undefined || out === undefined) {
    throw new UsageError('--checkpoint, --to and --out are needed.');
  }
  const id = oneOf('--to', to, [...EXPORT_FORMATS.map((format) => format.id), EMBEDDINGS, MASKS] as const);
  const engineName = engineOption(values.engine);
  if (id === EMBEDDINGS && images === undefined) throw new UsageError(`--images goes with --to ${EMBEDDINGS}.`);
  if (images !== undefined && id !== EMBEDDINGS && id !== MASKS) {
    throw new UsageError(`--images goes with --to ${EMBEDDINGS} or ${MASKS}.`);
  }
  const options = parseMaskOptions(values);
  if (id !== MASKS && Object.keys(MASK_FLAGS).some((flag) => flag in values)) {
    throw new UsageError(`--masks-as, --masks-per, --masks-min-region and --edges go with --to ${MASKS}.`);
  }
  checkFile(out, values.overwrite);
  const checkpoint = loadCheckpoint(path);
  if (id === EMBEDDINGS || id === MASKS) {
    const { source } = await readImages(images, checkpoint.config.workingSize);
    if (source.count === 0) {
      const what = `None of the files in "${images}" is a usable image: choose another folder.`;
      throw new UserError('dataset/empty', what);
    }
    const { engine } = await openEngine(engineName);
    const write = (model: Model): Promise<void> =>
      id === MASKS
        ? writeMasks(engine, model, checkpoint, source, out, options, openPhotographs(images, source))
        : writeEmbeddings(engine, model, source, out);
    await withCheckpointModel(engine, checkpoint, write, { optimizer: 'optional' });
  } else
    await writeChunks(
      out,
      await defined(
        EXPORT_FORMATS.find((format) => format.id === id),
        'export format',
      ).write(checkpoint),
    );
});

async function writeEmbeddings(engine: Engine, model: Model, source: ImageSource, out: string): Promise<void> {
  const data = await embedImages(engine, model, source);
  await writeChunks(out, writeNpy({ dtype: 'F32', shape: [source.count, data.length / source.count], data }));
  const names = Array.from({ length: source.count }, (_, index) => `${source.path(index)}\n`);
  await writeChunks(`${out.replace(/\.npy$/, '')}.txt`, [new TextEncoder().encode(names.join(''))]);
}

async function writeMasks(
  engine: Engine,
  model: Model,
  { config, classes, position }: Checkpoint,
  images: ImageSource,
  out: string,
  options: MaskOptions,
  photographs: Photographs,
): Promise<void> {
  const segmenter = await createWholeSegmenter(engine, model);
  const segmented = segmentWholeImages(segmenter, images, allImages(images), (done) => showMasks(done, images.count));
  const { prototypes } = config;
  const masks = wholeMasks(segmented, images, options.edges ? photographs : undefined);
  const { step } = position;
  await writeChunks(out, maskArchive(masks, { images, classes, prototypes, step, options, photographs }));
  console.log(`Masks of ${images.count} images in ${out}`);
}

/** Shows the number of segmented images on a terminal; removes the line at the end. */
function showMasks(done: number, count: number): void {
  if (!process.stdout.isTTY) return;
  process.stdout.write(`\r\x1b[K${done < count ? `Segmenting · ${Math.floor(done)} of ${count} images` : ''}`);
}
