/** The folder of the last visit. Handles can be kept in IndexedDB only; the browser asks again before it opens one. */
export interface LastFolder {
  remember(handle: FileSystemDirectoryHandle): Promise<void>;
  recall(): Promise<FileSystemDirectoryHandle | undefined>;
}

const STORE = 'handles';
const KEY = 'images';

export function createLastFolder(factory: IDBFactory): LastFolder {
  const open = async (): Promise<IDBDatabase> => {
    const request = factory.open('slotcon-tab', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    return settled(request);
  };
  return {
    // Without a memory (private windows, full disks) the page works all the same.
    remember: async (handle) => {
      try {
        const database = await open();
        await settled(database.transaction(STORE, 'readwrite').objectStore(STORE).put(handle, KEY));
        database.close();
      } catch {
        return;
      }
    },
    recall: async () => {
      try {
        const database = await open();
        const found: unknown = await settled(database.transaction(STORE).objectStore(STORE).get(KEY));
        database.close();
        return found instanceof FileSystemDirectoryHandle ? found : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}
