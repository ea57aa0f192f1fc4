import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { StoredRun } from '../runs/savedRun.ts';
import type { Curves } from '../runs/series.ts';

/** The page's IndexedDB. Runs and their curves are separate stores, so that listing runs loads no curves. */
interface Schema extends DBSchema {
  /** Folders of earlier visits, by purpose. */
  handles: { key: string; value: FileSystemDirectoryHandle };
  runs: { key: string; value: StoredRun };
  curves: { key: string; value: Curves };
}

export type Database = IDBPDatabase<Schema>;

/** Opens at the first use. Rejects where storage is forbidden (private windows), and tries again at the next use. */
export function createDatabase(): () => Promise<Database> {
  let opened: Promise<Database> | undefined;
  return () => {
    opened ??= openDB<Schema>('slotcon-tab', 3, {
      upgrade: (database, oldVersion) => {
        if (oldVersion < 1) database.createObjectStore('handles');
        if (oldVersion < 2) for (const name of ['runs', 'curves'] as const) database.createObjectStore(name);
        // Checkpoints are files since version 3.
        else (database as unknown as IDBPDatabase).deleteObjectStore('checkpoints');
      },
      // A newer version in another tab upgrades the database: close it here and open it again at the next use.
      blocking: (_now, _next, { target }) => {
        (target as IDBDatabase).close();
        opened = undefined;
      },
      terminated: () => (opened = undefined),
    }).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
