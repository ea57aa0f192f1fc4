import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoint } from '../checkpoint/checkpoint.ts';
import { writeState } from '../checkpoint/state.ts';
import type { RgbImage } from '../data/image.ts';
import { readFolder, readMask } from '../data/folder.node.ts';
import { resizeCenterCrop } from '../data/resample.ts';
import { UserError } from '../lib/errors.ts';
import { createRandom } from '../lib/random.ts';
import { upsampleArgmax } from '../metrics/nearest.ts';
import { addToConfusion, createConfusion, scoreSegmentation } from '../metrics/segmentation.ts';
import { openDawn } from '../gpu/dawn.node.ts';
import { createEagerEngine } from '../ops/eager/eagerEngine.ts';
import { createModel } from '../slotcon/model.ts';
import { segmentationSize, teacherDots } from '../trainer/segment.ts';
import { command, oneOf, parseOptions, UsageError } from './command.ts';

const USAGE = `Usage: npm run evaluate -- --checkpoint FILE --images DIR --masks DIR [--void N] [--norm batch|running]
  Scores the teacher's segmentation against masks: PNGs of the images' names whose values are classes.
  --void N        a mask value that marks unlabelled pixels
  --norm running  BatchNorm by its running statistics; the default, batch, uses those of the pictures themselves
  Prints JSON: { miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi, used, perClass }, fractions.`;

/** Pictures a forward pass; their statistics stand for all where BatchNorm goes by the batch. */
const BATCH = 50;

await command(USAGE, async () => {
  const { values } = parseOptions({
    checkpoint: { type: 'string' },
    images: { type: 'string' },
    masks: { type: 'string' },
    void: { type: 'string' },
    norm: { type: 'string', default: 'batch' },
  });
  const { checkpoint: file, images: imageDir, masks: maskDir } = values;
  if (!file || !imageDir || !maskDir) throw new UsageError('--checkpoint, --images and --masks are all needed.');
  const statistics = oneOf('--norm', values.norm, ['batch', 'running']);
  if (values.void !== undefined && !/^\d+$/.test(values.void)) throw new UsageError('--void takes a whole number.');
  const voidValue = values.void === undefined ? undefined : Number(values.void);

  const checkpoint = readCheckpoint(new Uint8Array(readFileSync(file)));
  const { config } = checkpoint;
  const size = segmentationSize(config);
  const { source } = await readFolder(imageDir, Math.max(size, config.workingSize));
  const pairs = await readPairs(source, maskDir, size);
  const adapter = await openDawn();
  console.error(`Adapter: ${adapter.description}; ${pairs.length} images with masks`);
  const engine = createEagerEngine();
  const model = createModel(engine, config, createRandom(config.seed));
  writeState(engine, model, checkpoint.tensors);

  const present = classesOf(pairs, voidValue);
  const confusion = createConfusion(config.prototypes, present.length);
  const index = new Int32Array(65536).fill(present.length);
  present.forEach((value, at) => (index[value] = at));
  for (let start = 0; start < pairs.length; start += BATCH) {
    const part = pairs.slice(start, start + BATCH);
    const { data, height, width } = await teacherDots(
      engine,
      model,
      part.map((pair) => pair.image),
      statistics,
    );
    const cells = height * width * config.prototypes;
    part.forEach(({ mask }, at) => {
      const dots = data.subarray(at * cells, (at + 1) * cells);
      const labels = upsampleArgmax(dots, config.prototypes, height, width, mask.size, mask.size);
      addToConfusion(
        confusion,
        labels,
        mask.data.map((value) => index[value]),
        present.length,
      );
    });
  }
  const scores = scoreSegmentation(confusion);
  const perClass = scores.perClass.map((score) => ({ ...score, class: present[score.class] }));
  console.log(JSON.stringify({ ...scores, perClass }, undefined, 2));
});

interface Pair {
  readonly image: RgbImage;
  readonly mask: { readonly size: number; readonly data: Uint16Array };
}

/** Centre squares of the images that have a mask, with the same square of the mask at its own resolution. */
async function readPairs(
  source: Awaited<ReturnType<typeof readFolder>>['source'],
  maskDir: string,
  size: number,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < source.count; index++) {
    const path = source.path(index);
    const mask = await readMask(join(maskDir, path.replace(/\.[^./]*$/, '.png'))).catch(() => undefined);
    if (mask === undefined) continue;
    pairs.push({ image: resizeCenterCrop(await source.get(index), size, size, 'bilinear'), mask: centerSquare(mask) });
  }
  if (pairs.length === 0) {
    throw new UserError(
      'evaluate/no-masks',
      `None of the ${source.count} images has a mask of its name in "${maskDir}".`,
    );
  }
  return pairs;
}

function centerSquare({ width, height, data }: { width: number; height: number; data: Uint8Array }): Pair['mask'] {
  const size = Math.min(width, height);
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const square = new Uint16Array(size * size);
  for (let y = 0; y < size; y++)
    square.set(data.subarray((top + y) * width + left, (top + y) * width + left + size), y * size);
  return { size, data: square };
}

/** The mask values that occur, ascending. */
function classesOf(pairs: readonly Pair[], voidValue: number | undefined): number[] {
  const seen = new Set<number>();
  for (const { mask } of pairs) for (const value of mask.data) seen.add(value);
  if (voidValue !== undefined) seen.delete(voidValue);
  return [...seen].sort((a, b) => a - b);
}
