import { createStore } from 'zustand/vanilla';
import { nextTask } from '../../lib/async/nextTask.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { RegionRequests } from '../../worker/regions/regionRequests.ts';
import { createRequestClient, RequestError, type RequestClient, type WorkerLike } from '../../worker/requestClient.ts';
import { subjectOf } from '../session/resume.ts';
import type { Session } from '../session/session.ts';
import { createFinding } from './finding.ts';
import { listOfAll } from './regionLists.ts';
import { NO_MAP, type FolderMap, type FolderMapState } from './folderMapState.ts';
import { createTaking } from './taking.ts';
import { createWorks } from './works.ts';

export interface FolderMapPorts {
  readonly session: Pick<Session, 'store' | 'runJob' | 'cancelJobs' | 'report' | 'save'>;
  spawnWorker(): WorkerLike;
  /** Name that the regions of the model on the screen are kept under. */
  keepAs(): string;
}

const LAYOUT_SEED = 0;

export function createFolderMap({ session, spawnWorker, keepAs }: FolderMapPorts): FolderMap {
  const store = createStore<FolderMapState>()(() => NO_MAP);
  const { setState: set } = store;
  const report = (thrown: unknown): void => {
    if (thrown instanceof RequestError) session.report(thrown.code, thrown.message, thrown.report.detail);
    else session.report('worker/unexpected', errorMessage(thrown));
  };
  const works = createWorks(store, report);
  let client: RequestClient<RegionRequests> | undefined;
  const reset = (): void => {
    works.cancelAll();
    client?.close();
    client = undefined;
    set({ ...NO_MAP, works: [] });
  };
  const worker = (): RequestClient<RegionRequests> => {
    client ??= createRequestClient<RegionRequests>(spawnWorker(), {
      name: 'worker of the map',
      onMessage: () => undefined,
      onLost: (lost) => {
        reset();
        report(lost);
      },
    });
    return client;
  };
  followSubject(session, reset);

  const layOut = async (): Promise<void> => {
    const placed = await works.run('layout', 'Laying out the map', (signal, show) =>
      worker().request(
        'layoutRegions',
        { seed: LAYOUT_SEED },
        {
          signal,
          onProgress: (progress) => {
            show(progress);
            if (progress.positions) set({ positions: progress.positions });
          },
        },
      ),
    );
    if (placed) set({ positions: placed.positions });
  };
  return {
    store,
    make: async () => {
      const made = await session.runJob('regions', { keepAs: keepAs() });
      if (made.status !== 'done') return;
      reset();
      const { source, isKept, classes } = made.result;
      const opened = await works.run('open', 'Reading the regions', async (signal, onProgress) => {
        const overview = await worker().request('openRegions', { source }, { signal, onProgress });
        // Taking in a large table, listing it, and drawing what shows it keep the page waiting long enough one by one.
        await nextTask();
        const list = listOfAll(overview);
        await nextTask();
        signal.throwIfAborted();
        return { overview, list };
      });
      if (!opened) return;
      set({ ...opened, isKept, classes });
      await layOut();
    },
    cancel: (kind) => {
      if (kind === 'pass') session.cancelJobs('regions');
      else works.cancel(kind);
    },
    ...createFinding(store, works, worker),
    ...createTaking(session, store, works, worker),
  };
}

/** Regions of other images, or of another model, are gone. */
function followSubject(session: FolderMapPorts['session'], reset: () => void): void {
  let subject = subjectOf(session.store.getState());
  session.store.subscribe((state) => {
    const now = subjectOf(state);
    if (now === subject) return;
    subject = now;
    session.cancelJobs('regions');
    reset();
  });
}
