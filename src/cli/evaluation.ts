import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import { listFiles, readFolder } from '../data/folder/readFolder.node.ts';
import { readMask } from '../data/masks/readMask.node.ts';
import { matchMasks } from '../data/masks/matchMasks.ts';
import { UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/engine.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { heldOutScenes, toLabeledImage, type LabeledImages } from '../inference/labeledImages.ts';
import { scoreTeacher, type ScoredSegmentation } from '../inference/scoring.ts';
import { segmentationSize } from '../inference/segmenter.ts';

/** Images to score on: a folder with masks, or built-in scenes that no run trains on. */
export interface MaskedImages {
  readonly images?: string | undefined;
  readonly masks?: string | undefined;
}

export function readLabeled({ images, masks }: MaskedImages, config: Config): Promise<LabeledImages> | LabeledImages {
  return images === undefined || masks === undefined ? heldOutScenes(config) : readPairs(images, masks, config);
}

/** Images that have a mask of their name (see `matchMasks`); masks are read on demand. */
async function readPairs(imageDir: string, maskDir: string, config: Config): Promise<LabeledImages> {
  const { source } = await readFolder(imageDir, Math.max(segmentationSize(config), config.workingSize));
  const paths = Array.from({ length: source.count }, (_, index) => source.path(index));
  const masks = (await listFiles(maskDir)).files.map(({ path }) => path);
  const maskOf = matchMasks(paths, masks);
  const masked = [...maskOf.keys()].filter((index) => maskOf[index] >= 0);
  if (masked.length === 0) {
    throw new UserError(
      'evaluate/no-masks',
      `None of the ${source.count} images has a mask of its name in "${maskDir}".`,
    );
  }
  return {
    count: masked.length,
    get: async (at) => {
      const index = masked[at];
      return toLabeledImage(await source.get(index), await readMask(join(maskDir, masks[maskOf[index]])), config);
    },
  };
}

/** Scores the teacher of a checkpoint. */
export function scoreCheckpoint(
  engine: Engine,
  checkpoint: Checkpoint,
  pairs: LabeledImages,
  voidValue?: number,
): Promise<ScoredSegmentation> {
  return withCheckpointModel(engine, checkpoint, (model) => scoreTeacher(engine, model, pairs, voidValue));
}
