import { writeState } from '../checkpoint/state.ts';
import { openDawn } from '../gpu/dawn.node.ts';
import { createRandom } from '../lib/random.ts';
import { createEngine, ENGINE_NAMES } from '../ops/createEngine.ts';
import { createModel } from '../slotcon/model.ts';
import { createSegmenter } from '../trainer/segment.ts';
import { loadCheckpoint } from './checkpointFile.ts';
import { command, oneOf, parseOptions, UsageError } from './command.ts';
import { heldOutScenes, readPairs, scoreColours, scoreModel } from './evaluation.ts';

const USAGE = `Usage: npm run evaluate -- --checkpoint FILE [--images DIR --masks DIR] [--void N] [--baselines]
                               [--engine compiled|eager]
  Scores the teacher's segmentation against masks: PNGs of the images' names whose values are classes. Without --images,
  on built-in sample scenes that training doesn't use.
  --void N        a mask value that marks unlabelled pixels
  --baselines     also scores the same model before its first step, and k-means on colour
  Prints JSON: { miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi, used, perClass }, fractions.`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    checkpoint: { type: 'string' },
    images: { type: 'string' },
    masks: { type: 'string' },
    void: { type: 'string' },
    baselines: { type: 'boolean', default: false },
    engine: { type: 'string', default: 'compiled' },
  });
  if (values.checkpoint === undefined) throw new UsageError('--checkpoint is needed.');
  if ((values.images === undefined) !== (values.masks === undefined)) {
    throw new UsageError('--images and --masks go together.');
  }
  const engineName = oneOf('--engine', values.engine, ENGINE_NAMES);
  if (values.void !== undefined && !/^\d{1,3}$/.test(values.void))
    throw new UsageError('--void takes a mask value, 0 to 255.');
  const voidValue = values.void === undefined ? undefined : Number(values.void);

  const { config, tensors } = loadCheckpoint(values.checkpoint);
  const pairs =
    values.images === undefined ? heldOutScenes(config) : await readPairs(values.images, values.masks!, config);
  const adapter = await openDawn();
  console.error(`Adapter: ${adapter.description}; ${pairs.length} images with masks`);
  const engine = createEngine(adapter, engineName);
  const model = createModel(engine, config, createRandom(config.seed));
  const segmenter = createSegmenter(engine, model);
  const scoreNow = (): ReturnType<typeof scoreModel> => scoreModel(pairs, segmenter, config.prototypes, voidValue);
  const untrained = values.baselines ? await scoreNow() : undefined;
  writeState(engine, model, tensors);
  const scores = await scoreNow();
  segmenter.dispose();
  const baselines = values.baselines && { untrained, kMeansColour: scoreColours(pairs, config.prototypes, voidValue) };
  console.log(JSON.stringify({ ...scores, ...(baselines ? { baselines } : {}) }, undefined, 2));
});
