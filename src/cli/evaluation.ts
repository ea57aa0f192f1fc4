import { join } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Config } from '../config/fields.ts';
import { readFolder, readMask } from '../data/folder.node.ts';
import type { ImageSource } from '../data/image.ts';
import { maskValueName } from '../data/mask.ts';
import { UserError } from '../lib/errors.ts';
import type { Engine } from '../ops/ops.ts';
import { withCheckpoint } from '../trainer/frozen.ts';
import { heldOutScenes, pairOf, scoreTeacher, type Pair, type Scored } from '../trainer/scoring.ts';
import { segmentationSize } from '../trainer/segment.ts';

/** What is scored on: a folder with masks, or built-in scenes that no run without images has seen. */
export interface MaskedImages {
  readonly images?: string | undefined;
  readonly masks?: string | undefined;
}

export function readLabelled({ images, masks }: MaskedImages, config: Config): Promise<Pair[]> | Pair[] {
  return images === undefined || masks === undefined ? heldOutScenes(config) : readPairs(images, masks, config);
}

/** Images that have a mask: a PNG of the same name whose values are classes. */
async function readPairs(imageDir: string, maskDir: string, config: Config): Promise<Pair[]> {
  const { source } = await readFolder(imageDir, Math.max(segmentationSize(config), config.workingSize));
  const pairs: Pair[] = [];
  for (let index = 0; index < source.count; index++) pairs.push(...(await readPair(source, index, maskDir, config)));
  if (pairs.length === 0) {
    throw new UserError(
      'evaluate/no-masks',
      `None of the ${source.count} images has a mask of its name in "${maskDir}".`,
    );
  }
  return pairs;
}

async function readPair(source: ImageSource, index: number, maskDir: string, config: Config): Promise<Pair[]> {
  const path = join(maskDir, source.path(index).replace(/\.[^./]*$/, '.png'));
  try {
    return [pairOf(await source.get(index), await readMask(path), config)];
  } catch (error) {
    // Not every picture needs a mask; one that can't be used is another matter.
    if (error instanceof UserError && error.code === 'mask/unreadable') return [];
    throw error;
  }
}

/** Scores the teacher of a checkpoint. */
export function scoreCheckpoint(
  engine: Engine,
  checkpoint: Checkpoint,
  pairs: readonly Pair[],
  voidValue?: number,
): Promise<Scored> {
  return withCheckpoint(engine, checkpoint, (model) => scoreTeacher(engine, model, pairs, voidValue));
}

/** As the command prints it: classes by what the masks call them. */
export function scoresAsJson({ scores, confusion, values }: Scored, withConfusion: boolean): object {
  const className = (index: number): number | string => {
    const name = maskValueName(values[index]);
    return /^\d+$/.test(name) ? Number(name) : name;
  };
  const { classes, prototypes, counts } = confusion;
  const rows = Array.from({ length: prototypes }, (_, k) => [...counts.subarray(k * classes, (k + 1) * classes)]);
  return {
    ...scores,
    perClass: scores.perClass.map((one) => ({ ...one, class: className(one.class) })),
    ...(withConfusion ? { confusion: { classes: values.map((_, index) => className(index)), pixels: rows } } : {}),
  };
}
