import type { StoreApi } from 'zustand/vanilla';
import { createCoalescer } from '../../lib/async/coalesce.ts';
import type { Progress } from '../../worker/contracts.ts';

/** What the map is busy with, beside the pass over the photographs, which is a job of the session. */
export type WorkKind = 'open' | 'layout' | 'find' | 'export';

export interface Work extends Progress {
  readonly kind: WorkKind;
}

export interface WorksState {
  /** One of a kind at most. */
  readonly works: readonly Work[];
}

export interface Works {
  /** Does work in place of that of the same kind. Resolves with undefined where it was canceled or failed, which is reported. */
  run<Result>(
    kind: WorkKind,
    phase: string,
    act: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<Result>,
  ): Promise<Result | undefined>;
  cancel(kind: WorkKind): void;
  cancelAll(): void;
}

const UPDATE_MS = 100;

export function createWorks<State extends WorksState>(
  { getState: get, setState }: StoreApi<State>,
  report: (thrown: unknown) => void,
): Works {
  const set = (works: readonly Work[]): void => setState({ works } as Partial<State>);
  const controllers = new Map<WorkKind, AbortController>();
  const updates = createCoalescer<Work>((all) => {
    const latest = new Map(all.map((work) => [work.kind, work]));
    set(get().works.map((work) => latest.get(work.kind) ?? work));
  }, UPDATE_MS);
  return {
    run: async (kind, phase, act) => {
      controllers.get(kind)?.abort();
      const controller = new AbortController();
      controllers.set(kind, controller);
      const isCurrent = (): boolean => controllers.get(kind) === controller;
      set([...get().works.filter((work) => work.kind !== kind), { kind, phase, fraction: 0 }]);
      try {
        return await act(controller.signal, (progress) => {
          if (isCurrent()) updates.add({ kind, phase: progress.phase, fraction: progress.fraction });
        });
      } catch (thrown) {
        if (!controller.signal.aborted) report(thrown);
        return undefined;
      } finally {
        if (isCurrent()) {
          controllers.delete(kind);
          updates.flush();
          set(get().works.filter((work) => work.kind !== kind));
        }
      }
    },
    cancel: (kind) => controllers.get(kind)?.abort(),
    cancelAll: () => {
      for (const controller of controllers.values()) controller.abort();
    },
  };
}
