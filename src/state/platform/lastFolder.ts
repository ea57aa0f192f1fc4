import type { Database } from './database.ts';

/** The folder of the last visit. The browser asks again before it opens one. */
export interface LastFolder {
  remember(handle: FileSystemDirectoryHandle): Promise<void>;
  recall(): Promise<FileSystemDirectoryHandle | undefined>;
}

const KEY = 'images';

/** Without a memory (private windows, full disks) the page works all the same. */
export function createLastFolder(open: () => Promise<Database>): LastFolder {
  return {
    remember: async (handle) => {
      try {
        await (await open()).put('handles', handle, KEY);
      } catch {
        return;
      }
    },
    recall: async () => {
      try {
        const found: unknown = await (await open()).get('handles', KEY);
        return found instanceof FileSystemDirectoryHandle ? found : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
