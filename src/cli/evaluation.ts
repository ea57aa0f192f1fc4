import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import { readFolder } from '../data/folder/readFolder.node.ts';
import { findMaskFiles } from '../data/masks/maskFiles.node.ts';
import { openMaskSet } from '../data/masks/maskSet.ts';
import type { Engine } from '../ops/engine.ts';
import { createMaskedImages } from '../inference/maskedImages.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { heldOutScenes, type LabeledImages, type ScoredImages } from '../inference/labeledImages.ts';
import { scoreTeacher, type ScoredSegmentation, type ScoringOptions } from '../inference/scoring.ts';
import { segmentationSize } from '../inference/segmenter.ts';

/** Paths of what to score on: a folder of images with masks, or nothing for built-in scenes that no run trains on. */
export interface LabeledPaths {
  readonly images?: string | undefined;
  /** A folder of PNGs, or a COCO file of annotations. */
  readonly masks?: string | undefined;
}

/** Says on the console how masks were matched, and which can't be used. */
export async function readLabeled({ images, masks }: LabeledPaths, config: Config): Promise<ScoredImages> {
  if (images === undefined || masks === undefined) return heldOutScenes(config);
  const files = await findMaskFiles(masks);
  const { source } = await readFolder(images, Math.max(segmentationSize(config), config.workingSize));
  const set = await openMaskSet(source, files);
  const scored = await createMaskedImages(source, set).choose(config);
  console.error(`Masks of "${masks}": ${set.match.how}`);
  for (const why of scored.leftOut) console.error(`Left out: ${why}`);
  return scored;
}

/** Scores the teacher of a checkpoint. */
export function scoreCheckpoint(
  engine: Engine,
  checkpoint: Checkpoint,
  pairs: LabeledImages,
  options: ScoringOptions = {},
): Promise<ScoredSegmentation> {
  return withCheckpointModel(engine, checkpoint, (model) => scoreTeacher(engine, model, pairs, options));
}
