import { errorMessage, UserError } from '../lib/errors.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

/** How the worker speaks to the page. Buffers listed in `move` are handed over instead of copied. */
export type Post = (message: FromWorker, move?: Transferable[]) => void;

/** What a part of the worker is asked to do. */
export type Message<Type extends ToWorker['type']> = Extract<ToWorker, { type: Type }>;

/** Whatever was thrown, as a message for the person; what isn't a UserError is a bug and keeps its stack for a report. */
export function reportError(post: Post, error: unknown, about: { runId?: number; requestId?: number } = {}): void {
  const code = error instanceof UserError ? error.code : 'worker/unexpected';
  const detail = error instanceof UserError || !(error instanceof Error) ? undefined : error.stack;
  post({ type: 'trouble', code, message: errorMessage(error), ...(detail === undefined ? {} : { detail }), ...about });
}
