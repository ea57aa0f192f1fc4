import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import type { SweepBaseline } from '../config/sweep/sweepTable.ts';
import { readFolder } from '../data/folder/readFolder.node.ts';
import { findMaskFiles } from '../data/masks/maskFiles.node.ts';
import { openMaskSet } from '../data/masks/maskSet.ts';
import type { Engine } from '../ops/engine.ts';
import { createMaskedImages } from '../inference/maskedImages.ts';
import { withCheckpointModel } from '../inference/temporaryModel.ts';
import { heldOutScenes, type LabeledImages, type ScoredImages } from '../inference/labeledImages.ts';
import { scoreColors, scoreTeacher, type ScoredSegmentation, type ScoringOptions } from '../inference/scoring.ts';
import { segmentationSize } from '../inference/segmenter.ts';
import { scoreMeasures } from '../signals/runMeasures.ts';
import { UsageError } from './command.ts';

/** Paths of what to score on: a folder of images with masks, or nothing for built-in scenes that no run trains on. */
export interface LabeledPaths {
  readonly images?: string | undefined;
  /** A folder of PNGs, or a COCO file of annotations. */
  readonly masks?: string | undefined;
  /** A mask value whose pixels are unlabeled. */
  readonly voidValue?: number | undefined;
}

/** The mask value that `--void` names. */
export function voidOption(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,5}$/.test(value)) throw new UsageError('--void takes a mask value, 0 to 65535.');
  return Number(value);
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

/** Scores k-means on color, with as many clusters as the runs have prototypes, once for each of their seeds. */
export async function scoreBaselines(labeled: LabeledPaths, runs: readonly Config[]): Promise<SweepBaseline[]> {
  const pairs = await readLabeled(labeled, runs[0]);
  const different = new Map(runs.map(({ prototypes, seed }) => [`${prototypes}/${seed}`, { prototypes, seed }]));
  const baselines: SweepBaseline[] = [];
  console.error(`Scoring k-means on color, ${different.size} times`);
  for (const { prototypes, seed } of different.values()) {
    const scored = await scoreColors(pairs, prototypes, { voidValue: labeled.voidValue, seed });
    baselines.push({ name: `k-means on color, ${prototypes} clusters`, seed, measures: scoreMeasures(scored) });
  }
  return baselines;
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
