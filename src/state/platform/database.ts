import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { StoredRun } from '../runs/savedRun.ts';
import type { Curves } from '../runs/series.ts';

/** What this browser keeps for the page. Runs and their curves are apart: a list of runs loads no curves. */
interface Schema extends DBSchema {
  /** Folders of earlier visits. */
  handles: { key: string; value: FileSystemDirectoryHandle };
  runs: { key: string; value: StoredRun };
  curves: { key: string; value: Curves };
}

export type Database = IDBPDatabase<Schema>;

/** Opens at the first use; a rejection (private windows, forbidden storage) is the user's to handle, each time anew. */
export function createDatabase(): () => Promise<Database> {
  let opened: Promise<Database> | undefined;
  return () => {
    opened ??= openDB<Schema>('slotcon-tab', 3, {
      upgrade: (database, before) => {
        if (before < 1) database.createObjectStore('handles');
        if (before < 2) for (const name of ['runs', 'curves'] as const) database.createObjectStore(name);
        // Checkpoints have become files.
        else (database as unknown as IDBPDatabase).deleteObjectStore('checkpoints');
      },
      // A newer page in another tab wants to change the database: this one opens it again when it needs it.
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
