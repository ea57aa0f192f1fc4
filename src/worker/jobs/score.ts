import { SAMPLE_CLASS_NAMES } from '../../data/scenes/samples.ts';
import { maskValueName } from '../../data/masks/mask.ts';
import type { ScoreReport } from '../../domain/reports.ts';
import { evenSubset, heldOutScenes } from '../../inference/labeledImages.ts';
import { scoreColors, scoreTeacher } from '../../inference/scoring.ts';
import { withInitialModel } from '../../inference/temporaryModel.ts';
import type { ScoringTarget } from '../contracts.ts';
import type { Masks } from '../masks.ts';
import type { Frozen, JobFunctions } from './job.ts';

/** Scores of the slots by masks, and of baselines. */
export function createScoreJobs(masks: Masks): Pick<JobFunctions, 'score' | 'baselines'> {
  return {
    score: async (context, target) => {
      const phase = 'Scoring';
      await context.progress(phase, 0);
      return scoreModel(context, masks, target, (fraction) => context.progress(phase, fraction));
    },
    baselines: async (context, target) => {
      const { engine, model, progress } = context;
      const { pairs } = pairsOf(context, masks, target);
      const half = (phase: string, from: number) => (done: number) => progress(phase, from + done / pairs.count / 2);
      await progress('Scoring the untrained model', 0);
      const untrained = await withInitialModel(engine, model.config, (fresh) =>
        scoreTeacher(engine, fresh, pairs, target.voidValue, half('Scoring the untrained model', 0)),
      );
      await progress('Grouping colors', 0.5);
      const { prototypes } = model.config;
      const colors = await scoreColors(pairs, prototypes, target.voidValue, half('Scoring colors', 0.5));
      return { pictures: pairs.count, untrained: untrained.scores, colors: colors.scores };
    },
  };
}

/** Scores the teacher's slots by the masks. `onProgress` is called with the fraction done. */
export async function scoreModel(
  frozen: Frozen,
  masks: Masks,
  target: ScoringTarget,
  onProgress?: (fraction: number) => Promise<void>,
): Promise<ScoreReport> {
  const { pairs, available } = pairsOf(frozen, masks, target);
  const { scores, confusion, values } = await scoreTeacher(
    frozen.engine,
    frozen.model,
    pairs,
    target.voidValue,
    (done) => onProgress?.(done / pairs.count),
  );
  const nameOf = (value: number): string =>
    target.source === 'masks' ? maskValueName(value) : (SAMPLE_CLASS_NAMES[value] ?? String(value));
  return { step: frozen.step, pictures: pairs.count, available, scores, confusion, classNames: values.map(nameOf) };
}

function pairsOf({ images, model: { config } }: Frozen, masks: Masks, { source, limit = Infinity }: ScoringTarget) {
  const all = source === 'masks' ? masks.pairs(images, config) : heldOutScenes(config);
  return { pairs: evenSubset(all, limit), available: all.count };
}
