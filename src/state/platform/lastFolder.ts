import type { Database } from './database.ts';

/** The folder that was chosen last. The browser asks for permission before it is opened again. */
export interface LastFolder {
  remember(handle: FileSystemDirectoryHandle): Promise<void>;
  recall(): Promise<FileSystemDirectoryHandle | undefined>;
}

const KEY = 'images';

/** Where storage fails (private windows, full disks) nothing is remembered. */
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
