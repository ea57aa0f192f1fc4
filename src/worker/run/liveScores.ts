import type { ScoreReport } from '../../domain/reports.ts';
import type { ScoringTarget } from '../contracts.ts';
import type { Frozen } from '../jobs/job.ts';
import type { Masks } from '../masks.ts';
import type { Handler } from '../requestHandler.ts';

/** Scores of a run while it trains: one subscription per `scoreEvery` request. */
export interface LiveScores {
  readonly scoreEvery: Handler<'scoreEvery'>;
  isDue(step: number): boolean;
  /** Scores a model between two steps for every subscription that is due at its step. */
  score(frozen: Frozen): Promise<void>;
}

interface Subscription {
  readonly everySteps: number;
  readonly target: ScoringTarget;
  report(report: ScoreReport): void;
  fail(error: Error): void;
}

export function createLiveScores(masks: Masks): LiveScores {
  const subscriptions = new Set<Subscription>();
  const due = (step: number): Subscription[] => [...subscriptions].filter(({ everySteps }) => step % everySteps === 0);
  return {
    scoreEvery: ({ everySteps, target }, { signal, progress }) =>
      new Promise<never>((_, reject) => {
        const subscription: Subscription = {
          everySteps,
          target,
          report: progress,
          fail: (error) => {
            subscriptions.delete(subscription);
            reject(error);
          },
        };
        subscriptions.add(subscription);
        signal.addEventListener('abort', () => subscription.fail(signal.reason as Error));
      }),
    isDue: (step) => due(step).length > 0,
    score: async (frozen) => {
      // Loaded when wanted.
      const { scoreModel } = await import('../jobs/score.ts');
      for (const { target, report, fail } of due(frozen.step)) {
        await scoreModel(frozen, masks, target).then(report, fail);
      }
    },
  };
}
