import { recipeOf, SHOWN_IMAGES } from '../../config/explore.ts';
import type { Config } from '../../config/fields.ts';
import { SLOTS_BY_NAMES, type SlotsByName } from '../../config/slotsBy.ts';
import { byStability, comparedLabels, recipeFacts, type RecipeFacts } from '../../domain/exploration.ts';
import type { Overlay } from '../../domain/reports.ts';
import { evenly } from '../../lib/evenly.ts';
import type { Session } from '../session/session.ts';
import type { SavedExplored, SavedRun } from './savedRun.ts';

/** An exploration as far as its runs are in the history. */
export interface Exploration {
  readonly id: string;
  /** Name of the images. */
  readonly images: string;
  readonly runs: number;
  /** Number of runs that are over. */
  readonly done: number;
  /** Settings of all its runs, with the first seed. */
  readonly base: Config;
  /** The most stable recipe first. */
  readonly rows: readonly ExploredRow[];
}

/** A recipe on the contact sheet. */
export interface ExploredRow extends RecipeFacts {
  readonly recipe: SlotsByName;
  /** Its run with the first seed, whose images are shown. */
  readonly run: SavedRun;
  readonly pictures: readonly Overlay[];
}

/** What is kept of the run on the screen, which has ended. */
export function exploredOf({ live }: Session, isShown: boolean): SavedExplored {
  const overlays = live.getState().snapshots.at(-1)?.overlays ?? [];
  return {
    labels: comparedLabels(overlays.map(({ grid }) => grid)),
    pictures: isShown ? evenly(overlays, SHOWN_IMAGES) : [],
  };
}

/** The explorations of saved runs, given newest first; newest first. */
export function explorationsOf(runs: readonly SavedRun[]): readonly Exploration[] {
  const over = runs.toReversed().filter(({ sweep }) => sweep?.explores && sweep.outcome);
  const ids = [...new Set(over.map(({ sweep }) => sweep?.id))];
  return ids.map((id) => explorationOf(over.filter(({ sweep }) => sweep?.id === id))).reverse();
}

function explorationOf(over: readonly SavedRun[]): Exploration {
  const [first] = over;
  const recipeOfRun = ({ sweep }: SavedRun) => (sweep?.outcome ? recipeOf(sweep.outcome.point) : undefined);
  const rows = SLOTS_BY_NAMES.flatMap((recipe): ExploredRow[] => {
    const own = over.filter((run) => recipeOfRun(run) === recipe);
    const explored = own.flatMap((run) => (run.explored ? [{ run, ...run.explored }] : []));
    const shown = explored.at(0);
    if (!shown) return [];
    return [{ recipe, run: shown.run, pictures: shown.pictures, ...recipeFacts(explored.map(({ labels }) => labels)) }];
  });
  return {
    id: first.sweep?.id ?? '',
    images: first.images,
    runs: first.sweep?.runs ?? over.length,
    done: over.length,
    base: first.config,
    rows: byStability(rows),
  };
}
