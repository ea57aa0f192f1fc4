import type { Engine } from '../../ops/engine.ts';
import type { Comparison } from './compare.ts';
import { encoderParity } from './encoders.ts';
import type { Golden } from './golden.ts';
import { operationsParity } from './operations.ts';
import { pixelsParity } from './pixels.ts';
import { stepParity } from './step.ts';
import { resumeParity, trajectoryParity } from './trajectory.ts';
import { viewerParity } from './viewer.ts';

/** Goldens of one folder by their item; trajectory and ckpt depend on others of the set. */
export type GoldenSet = ReadonlyMap<string, Golden>;

export const ITEMS = ['ops', 'viz', 'encoders', 'step', 'trajectory', 'ckpt'] as const;
export type Item = (typeof ITEMS)[number];

/** Runs all comparisons of one item. */
export async function runParity(engine: Engine, set: GoldenSet, item: Item): Promise<Record<string, Comparison>> {
  const golden = (name: Item): Golden => {
    const found = set.get(name);
    if (!found) throw new Error(`"${item}" needs the golden "${name}" beside it`);
    return found;
  };
  switch (item) {
    case 'ops':
      return { ...pixelsParity(golden('ops')), ...(await operationsParity(engine, golden('ops'))) };
    case 'viz':
      return viewerParity(golden('viz'));
    case 'encoders':
      return encoderParity(engine, golden('encoders'));
    case 'step':
      return stepParity(engine, golden('step'));
    case 'trajectory':
      return trajectoryParity(engine, golden('trajectory'), golden('step'));
    case 'ckpt':
      return resumeParity(engine, golden('ckpt'), golden('trajectory'), golden('step'));
  }
}
