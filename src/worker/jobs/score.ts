import { SAMPLE_CLASSES } from '../../data/samples.ts';
import { maskValueName } from '../../data/mask.ts';
import { withUntrained } from '../../trainer/frozen.ts';
import { heldOutScenes, scoreColours, scoreTeacher, someOf, type Pairs } from '../../trainer/scoring.ts';
import type { Masks } from '../masks.ts';
import type { Judged } from '../protocol.ts';
import type { Handlers, JobContext } from './jobContext.ts';

/** The slots judged by masks, and what there is to beat. */
export function createScoreJobs(masks: Masks): Pick<Handlers, 'score' | 'baselines'> {
  const judgedBy = ({ images, model: { config } }: JobContext, { by, most = Infinity }: Judged) => {
    const all: Pairs = by === 'masks' ? masks.pairs(images, config) : heldOutScenes(config);
    return { pairs: someOf(all, most), available: all.count };
  };
  return {
    score: async (context, judged) => {
      const { engine, model, step, progress } = context;
      const { pairs, available } = judgedBy(context, judged);
      const doing = `Scoring ${pairs.count} images`;
      await progress(doing, 0);
      const { scores, confusion, values } = await scoreTeacher(engine, model, pairs, judged.voidValue, (done) =>
        progress(doing, done / pairs.count),
      );
      const nameOf = (value: number): string =>
        judged.by === 'masks' ? maskValueName(value) : (SAMPLE_CLASSES[value] ?? String(value));
      const report = { step, pictures: pairs.count, available, scores, confusion, classNames: values.map(nameOf) };
      return { report };
    },
    baselines: async (context, judged) => {
      const { engine, model, progress } = context;
      const { pairs } = judgedBy(context, judged);
      const half = (doing: string, from: number) => (done: number) => progress(doing, from + done / pairs.count / 2);
      await progress('Scoring the untrained model', 0);
      const untrained = await withUntrained(engine, model.config, (fresh) =>
        scoreTeacher(engine, fresh, pairs, judged.voidValue, half('Scoring the untrained model', 0)),
      );
      await progress('Grouping colours', 0.5);
      const { prototypes } = model.config;
      const colours = await scoreColours(pairs, prototypes, judged.voidValue, half('Scoring colours', 0.5));
      return { baselines: { pictures: pairs.count, untrained: untrained.scores, colours: colours.scores } };
    },
  };
}
