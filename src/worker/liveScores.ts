import type { Frozen } from './jobs/jobContext.ts';
import { scoreOf } from './jobs/score.ts';
import type { Masks } from './masks.ts';
import { reportError, type Message, type Post } from './post.ts';

/** Scores of a run at every so many steps, exactly there. */
export interface LiveScores {
  /** Takes the place of what was asked for before. */
  ask(message: Message<'scoreEvery'>): void;
  isDue(step: number): boolean;
  /** Of a model between two steps. What goes wrong is told once, and nothing is scored any more. */
  score(frozen: Frozen): Promise<void>;
}

export function createLiveScores(post: Post, masks: Masks): LiveScores {
  let asked: Message<'scoreEvery'> | undefined;
  return {
    ask: (message) => {
      asked = message;
    },
    isDue: (step) => asked?.judged !== undefined && asked.everySteps > 0 && step % asked.everySteps === 0,
    score: async (frozen) => {
      const mine = asked;
      if (!mine?.judged) return;
      try {
        const report = await scoreOf(frozen, masks, mine.judged);
        post({ type: 'scored', requestId: mine.requestId, report });
      } catch (error) {
        if (asked === mine) asked = undefined;
        reportError(post, error);
      }
    },
  };
}
