import { useStore } from 'zustand';
import { createFolderMap } from '../../state/regions/folderMap.ts';
import type { FolderMap, FolderMapState } from '../../state/regions/folderMapState.ts';
import type { Session } from '../../state/session/session.ts';
import { useApp } from '../app.ts';

/** Kept while the page is open; loaded with the view. */
const known = new WeakMap<Session, FolderMap>();

/** Name that the regions of a checkpoint from a file are kept under; those of a run, of a later visit too, under its id. */
const CHECKPOINT = 'checkpoint';

export function useFolderMap(): FolderMap {
  const { session, runHistory } = useApp();
  const regions =
    known.get(session) ??
    createFolderMap({
      session,
      spawnWorker: () => new Worker(new URL('../../worker/regions/entry.ts', import.meta.url), { type: 'module' }),
      keepAs: () => {
        const { run, startFrom } = session.store.getState();
        if (run.status !== 'idle') return runHistory.currentId() ?? CHECKPOINT;
        if (startFrom.kind === 'run') return startFrom.id;
        return (startFrom.kind === 'file' ? startFrom.ofRun : undefined) ?? CHECKPOINT;
      },
    });
  known.set(session, regions);
  return regions;
}

export function useFolderMapState<Part>(select: (state: FolderMapState) => Part): Part {
  return useStore(useFolderMap().store, select);
}
