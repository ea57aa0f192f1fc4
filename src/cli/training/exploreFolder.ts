import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byStability, recipeFacts } from '../../domain/exploration.ts';
import { recipeOf } from '../../config/explore.ts';
import type { Config } from '../../config/fields.ts';
import type { SweepPoint } from '../../config/sweep/sweep.ts';
import { SLOTS_BY_STOPS, type SlotsByName } from '../../config/slotsBy.ts';
import type { SlotGrid } from '../../domain/slotGrid.ts';
import { UserError } from '../../lib/errors.ts';
import { checkFolder } from '../output/outputPath.ts';
import type { TrainJob } from './trainJob.ts';

/** What an exploration was begun with: it resumes with the same. */
export interface ExplorePlan {
  readonly images: string | undefined;
  readonly config: Config;
}

/** A run of an exploration that is over: its labels, or why there are none. */
export interface ExploredRun {
  readonly point: SweepPoint;
  readonly folder: string;
  /** Segmentations of the compared images, by their index, as they are shown: along the edges of the image. */
  readonly grids: ReadonlyMap<number, SlotGrid>;
  readonly labels?: Uint16Array;
  readonly failure?: string;
}

const SUMMARY = 'explore.json';

/** The plan that the folder holds, if any. */
export function readPlan(folder: string): ExplorePlan | undefined {
  const file = join(folder, SUMMARY);
  if (!existsSync(file)) return undefined;
  try {
    const { images, config } = JSON.parse(readFileSync(file, 'utf8')) as { images: string | null; config: Config };
    return { images: images ?? undefined, config };
  } catch {
    throw new UserError('export/exists', `"${file}" can't be read. Name another folder, or add --overwrite.`);
  }
}

/** Throws unless the folder can be written and holds no other exploration than the one to resume. */
export function checkExploreFolder({ out, overwrite, images }: Pick<TrainJob, 'out' | 'overwrite' | 'images'>): void {
  checkFolder(out);
  const held = overwrite ? undefined : readPlan(out);
  if (!held || held.images === images) return;
  throw new UserError(
    'export/exists',
    `"${out}" holds an exploration of ${held.images ?? 'the sample scenes'}. Name another folder, or add --overwrite to replace it.`,
  );
}

/** True if the folder holds this run, trained to its end. */
export function isFinished(folder: string, config: Config): boolean {
  const file = join(folder, 'run.json');
  if (!existsSync(file)) return false;
  try {
    const run = JSON.parse(readFileSync(file, 'utf8')) as { outcome: string; config: Config };
    return run.outcome === 'finished' && JSON.stringify(run.config) === JSON.stringify(config);
  } catch {
    // Cut off while it was written.
    return false;
  }
}

/** A row of `explore.json`. */
export interface RecipeRow {
  readonly recipe: SlotsByName;
  readonly label: string;
  readonly stability: number | undefined;
  readonly slotsInUse: number | undefined;
  readonly splitsBy: string;
  readonly keepsTogether: string;
  readonly runs: readonly { readonly seed: number; readonly folder: string; readonly failure?: string }[];
}

/** A row per recipe that has been tried, the most stable first. */
export function recipeRows(runs: readonly ExploredRun[]): RecipeRow[] {
  const recipes = [...new Set(runs.map(({ point }) => recipeOf(point)))];
  const rows = recipes.map((recipe) => {
    const own = runs.filter(({ point }) => recipeOf(point) === recipe);
    const { label, splitsBy, keepsTogether } = SLOTS_BY_STOPS[recipe];
    return {
      recipe,
      label,
      ...recipeFacts(own.flatMap(({ labels }) => (labels ? [labels] : []))),
      splitsBy,
      keepsTogether,
      runs: own.map(({ point: { seed }, folder, failure }) => ({ seed, folder, ...(failure && { failure }) })),
    };
  });
  return byStability(rows);
}

/** Written at the start and after every run, by renaming, so that what was killed can be resumed. */
export function writeSummary(folder: string, plan: ExplorePlan, rows: readonly RecipeRow[]): void {
  const target = join(folder, SUMMARY);
  const recipes = rows.map((row) => ({ ...row, stability: row.stability ?? null }));
  const summary = { images: plan.images ?? null, steps: plan.config.steps, recipes, config: plan.config };
  writeFileSync(`${target}.new`, `${JSON.stringify(summary, undefined, 2)}\n`);
  renameSync(`${target}.new`, target);
}
