import { readFileSync } from 'node:fs';
import { createDatabase } from '../../state/platform/database.ts';
import type { CheckpointFiles } from '../../state/runs/checkpointFiles.ts';
import type { StoredRun } from '../../state/runs/savedRun.ts';
import { memoryCheckpoints } from '../memoryDirectory.ts';

/** Curves as any version of the page may have stored them. */
export interface StoredCurves {
  readonly steps: Float64Array;
  readonly values: Record<string, Float64Array>;
}

export interface StoredRuns {
  readonly runs: Record<string, StoredRun>;
  readonly curves: Record<string, StoredCurves>;
  /** Contents by run id and file name. */
  readonly checkpoints: Record<string, Record<string, string>>;
}

const ARRAY_TYPES = { Float64Array, Uint16Array, Uint8Array };

/** Reads `runs.json`. */
export function readStoredRuns(): StoredRuns {
  const text = readFileSync(new URL('runs.json', import.meta.url), 'utf8');
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('base64' in value)) return value;
    const { type, base64 } = value as { type: keyof typeof ARRAY_TYPES; base64: string };
    return new ARRAY_TYPES[type](Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
  }) as StoredRuns;
}

/** Writes stored runs into this process's IndexedDB and an in-memory directory, like an earlier visit. */
export async function writeStoredRuns({ runs, curves, checkpoints }: StoredRuns): Promise<CheckpointFiles> {
  const database = await createDatabase()();
  for (const [id, run] of Object.entries(runs)) await database.put('runs', run, id);
  for (const [id, own] of Object.entries(curves)) await database.put('curves', own, id);
  database.close();
  const { files } = memoryCheckpoints();
  for (const [id, byName] of Object.entries(checkpoints))
    for (const [name, text] of Object.entries(byName)) await files.put(id, parseInt(name, 10), new Blob([text]));
  return files;
}
