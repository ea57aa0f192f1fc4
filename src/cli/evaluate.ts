import { scoresAsJson } from '../domain/scores/scoresJson.ts';
import { withInitialModel } from '../inference/temporaryModel.ts';
import { scoreColors, scoreTeacher, type ScoredSegmentation } from '../inference/scoring.ts';
import { loadCheckpoint } from './checkpointFile.ts';
import { command, parseOptions, UsageError } from './command.ts';
import { engineOption, openEngine } from './engine.ts';
import { readLabeled, scoreCheckpoint, voidOption } from './evaluation.ts';

const USAGE = `Usage: npm run evaluate -- --checkpoint FILE [--images DIR --masks PATH] [--void N] [--baselines] [--confusion]
                               [--engine compiled|eager]
  Scores the teacher's segmentation against masks: a folder of PNGs of the images' names, whose values (indices of a
  palette, gray values, or else colors) are classes, or a COCO file of annotations (.json). Without --images, on built-in
  sample scenes that training doesn't use.
  --void N        a mask value that marks unlabeled pixels
  --baselines     also scores the same model before its first step, and k-means on color
  --confusion     adds the pixels of each prototype (rows) in each class
  Prints JSON: { miou, pixelAccuracy, majorityMiou, majorityPixelAccuracy, nmi, used, perClass }, fractions; the same once
  more in "edges", for segments that follow the edges of the images.`;

await command(USAGE, async () => {
  const { values } = parseOptions({
    checkpoint: { type: 'string' },
    images: { type: 'string' },
    masks: { type: 'string' },
    void: { type: 'string' },
    baselines: { type: 'boolean', default: false },
    confusion: { type: 'boolean', default: false },
    engine: { type: 'string' },
  });
  if (values.checkpoint === undefined) throw new UsageError('--checkpoint is needed.');
  if ((values.images === undefined) !== (values.masks === undefined)) {
    throw new UsageError('--images and --masks go together.');
  }
  const engineName = engineOption(values.engine);
  const voidValue = voidOption(values.void);

  const checkpoint = loadCheckpoint(values.checkpoint);
  const { config } = checkpoint;
  const pairs = await readLabeled(values, config);
  const { adapter, engine } = await openEngine(engineName);
  console.error(`Adapter: ${adapter.description} (${engine.name} engine); ${pairs.count} images with masks`);
  const json = ({ scores, confusion, values: classes, edges }: ScoredSegmentation): object => {
    const classNames = classes.map(pairs.className);
    return {
      ...scoresAsJson(scores, classNames, values.confusion ? confusion : undefined),
      ...(edges && { edges: scoresAsJson(edges, classNames) }),
    };
  };
  const scores = json(await scoreCheckpoint(engine, checkpoint, pairs, { voidValue, edges: true }));
  const baselines = values.baselines && {
    untrained: json(
      await withInitialModel(engine, config, (model) => scoreTeacher(engine, model, pairs, { voidValue })),
    ),
    kMeansColor: json(await scoreColors(pairs, config.prototypes, { voidValue })),
  };
  console.log(JSON.stringify({ ...scores, ...(baselines ? { baselines } : {}) }, undefined, 2));
});
