import type { StoreApi } from 'zustand/vanilla';
import { listCsv, listNames } from '../../domain/lists/photographLists.ts';
import type { RegionRequests } from '../../worker/regions/regionRequests.ts';
import type { RequestClient } from '../../worker/requestClient.ts';
import { datasetOf } from '../session/images.ts';
import type { Session } from '../session/session.ts';
import type { FolderMap, FolderMapState } from './folderMapState.ts';
import { copyFiles, openFiles, type TakenFile } from './takenPhotographs.ts';
import type { Works } from './works.ts';

type Taking = Pick<FolderMap, 'exportAs' | 'take' | 'copyTo'>;

/** What leaves the map: files of all regions, and photographs of a list. */
export function createTaking(
  session: Pick<Session, 'store' | 'save'>,
  store: StoreApi<FolderMapState>,
  works: Works,
  worker: () => RequestClient<RegionRequests>,
): Taking {
  const filesOf = async (images: readonly number[]): Promise<TakenFile[]> => {
    const { overview } = store.getState();
    const dataset = datasetOf(session.store.getState().images);
    return overview && dataset ? openFiles(images, overview, dataset) : [];
  };
  const zip = (images: readonly number[]) =>
    works.run('export', 'Copying the images', async (signal, onProgress) =>
      worker().request('zipPhotographs', { files: await filesOf(images) }, { signal, onProgress }),
    );
  return {
    exportAs: async (form) => {
      const classes = session.store.getState().classes.present;
      const made = await works.run('export', 'Writing the regions', (signal, onProgress) =>
        worker().request('exportRegions', { form, classes }, { signal, onProgress }),
      );
      if (made) session.save(made.fileName, made.source);
    },
    take: async (images, form, values) => {
      const { overview } = store.getState();
      if (!overview) return;
      const name = `slotcon-${images.length}-images`;
      if (form === 'names')
        session.save(`${name}.txt`, new Blob([listNames(images, overview)], { type: 'text/plain' }));
      if (form === 'csv')
        session.save(`${name}.csv`, new Blob([listCsv(images, overview, values)], { type: 'text/csv' }));
      const made = form === 'zip' ? await zip(images) : undefined;
      if (made) session.save(made.fileName, made.source);
    },
    copyTo: async (folder, images) => {
      const phase = `Copying ${images.length} images into "${folder.name}"`;
      await works.run('export', phase, async (signal, onProgress) =>
        copyFiles(await filesOf(images), folder, (fraction) => onProgress({ phase, fraction }), signal),
      );
    },
  };
}
