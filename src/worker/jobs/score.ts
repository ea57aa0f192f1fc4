import type { ScoreReport } from '../../domain/reports.ts';
import { heldOutScenes, type ScoredImages } from '../../inference/labeledImages.ts';
import { scoreColors, scoreTeacher } from '../../inference/scoring.ts';
import { withInitialModel } from '../../inference/temporaryModel.ts';
import type { ScoringTarget } from '../contracts.ts';
import type { Masks } from '../masks.ts';
import type { Frozen, JobFunctions } from './job.ts';

/** Scores of the slots by masks, and of baselines. */
export function createScoreJobs(masks: Masks): Pick<JobFunctions, 'score' | 'baselines'> {
  return {
    score: async (context, target) => {
      await context.progress('Scoring', 0);
      return scoreModel(context, masks, target, { edges: true, progress: context.progress });
    },
    baselines: async (context, target) => {
      const { engine, model, progress } = context;
      const pairs = await pairsOf(context, masks, target);
      const half = (phase: string, from: number) => (done: number) => progress(phase, from + done / pairs.count / 2);
      await progress('Scoring the untrained model', 0);
      const untrained = await withInitialModel(engine, model.config, (fresh) =>
        scoreTeacher(engine, fresh, pairs, {
          voidValue: target.voidValue,
          onProgress: half('Scoring the untrained model', 0),
        }),
      );
      await progress('Grouping colors', 0.5);
      const { prototypes } = model.config;
      const colors = await scoreColors(pairs, prototypes, {
        voidValue: target.voidValue,
        onProgress: half('Scoring colors', 0.5),
      });
      return { pictures: pairs.count, untrained: untrained.scores, colors: colors.scores };
    },
  };
}

interface ScoreOptions {
  /** Also scores segments that follow edges. */
  readonly edges?: boolean;
  progress?(phase: string, fraction: number): Promise<void>;
}

/** Scores the teacher's slots by the masks. */
export async function scoreModel(
  frozen: Frozen,
  masks: Masks,
  target: ScoringTarget,
  { edges = false, progress }: ScoreOptions = {},
): Promise<ScoreReport> {
  const pairs = await pairsOf(frozen, masks, target, (fraction) => progress?.('Looking at the masks', fraction));
  const { values, ...scored } = await scoreTeacher(frozen.engine, frozen.model, pairs, {
    voidValue: target.voidValue,
    edges,
    onProgress: (done) => progress?.('Scoring', done / pairs.count),
  });
  const { count: pictures, available, leftOut } = pairs;
  return {
    step: frozen.step,
    pictures,
    available,
    leftOut,
    ...scored,
    classNames: values.map(pairs.className),
  };
}

async function pairsOf(
  { images, model: { config } }: Frozen,
  masks: Masks,
  { source, limit }: ScoringTarget,
  onProgress?: (fraction: number) => Promise<void> | undefined,
): Promise<ScoredImages> {
  return source === 'masks' ? masks.choose(images, config, limit, onProgress) : heldOutScenes(config, limit);
}
