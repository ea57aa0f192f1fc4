import { errorMessage, UserError } from '../lib/errors.ts';
import type { ErrorReport } from './contracts.ts';
import type { WorkerEvent } from './events.ts';

/** Sends an event to the page. Buffers listed in `move` are handed over instead of copied. */
export type Post = (event: WorkerEvent, move?: Transferable[]) => void;

/** Describes anything thrown. An error that isn't a UserError is a bug and keeps its stack for a report. */
export function errorReport(thrown: unknown): ErrorReport {
  const message = errorMessage(thrown);
  if (thrown instanceof UserError) return { code: thrown.code, message };
  const detail = thrown instanceof Error ? thrown.stack : undefined;
  return { code: 'worker/unexpected', message, ...(detail === undefined ? {} : { detail }) };
}
