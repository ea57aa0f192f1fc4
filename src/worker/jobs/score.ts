import { SAMPLE_CLASS_NAMES } from '../../data/scenes/samples.ts';
import { maskValueName } from '../../data/masks/mask.ts';
import type { ScoreReport } from '../../domain/reports.ts';
import { withInitialModel } from '../../inference/temporaryModel.ts';
import { heldOutScenes, evenSubset } from '../../inference/labeledImages.ts';
import { scoreColors, scoreTeacher } from '../../inference/scoring.ts';
import type { Masks } from '../masks.ts';
import type { ScoringTarget } from '../protocol.ts';
import type { Frozen, Handlers } from './jobContext.ts';

/** The slots judged by masks, and what there is to beat. */
export function createScoreJobs(masks: Masks): Pick<Handlers, 'score' | 'baselines'> {
  return {
    score: async (context, judged) => {
      const doing = 'Scoring';
      await context.progress(doing, 0);
      return { report: await scoreOf(context, masks, judged, (share) => context.progress(doing, share)) };
    },
    baselines: async (context, judged) => {
      const { engine, model, progress } = context;
      const { pairs } = pairsOf(context, masks, judged);
      const half = (doing: string, from: number) => (done: number) => progress(doing, from + done / pairs.count / 2);
      await progress('Scoring the untrained model', 0);
      const untrained = await withInitialModel(engine, model.config, (fresh) =>
        scoreTeacher(engine, fresh, pairs, judged.voidValue, half('Scoring the untrained model', 0)),
      );
      await progress('Grouping colors', 0.5);
      const { prototypes } = model.config;
      const colors = await scoreColors(pairs, prototypes, judged.voidValue, half('Scoring colors', 0.5));
      return { baselines: { pictures: pairs.count, untrained: untrained.scores, colors: colors.scores } };
    },
  };
}

/** How well the teacher's slots match the masks; `onProgress` hears the share that is done. */
export async function scoreOf(
  frozen: Frozen,
  masks: Masks,
  judged: ScoringTarget,
  onProgress?: (share: number) => Promise<void>,
): Promise<ScoreReport> {
  const { pairs, available } = pairsOf(frozen, masks, judged);
  const { scores, confusion, values } = await scoreTeacher(
    frozen.engine,
    frozen.model,
    pairs,
    judged.voidValue,
    (done) => onProgress?.(done / pairs.count),
  );
  const nameOf = (value: number): string =>
    judged.by === 'masks' ? maskValueName(value) : (SAMPLE_CLASS_NAMES[value] ?? String(value));
  return { step: frozen.step, pictures: pairs.count, available, scores, confusion, classNames: values.map(nameOf) };
}

function pairsOf({ images, model: { config } }: Frozen, masks: Masks, { by, most = Infinity }: ScoringTarget) {
  const all = by === 'masks' ? masks.pairs(images, config) : heldOutScenes(config);
  return { pairs: evenSubset(all, most), available: all.count };
}
