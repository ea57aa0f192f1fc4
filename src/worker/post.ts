import type { FromWorker } from './protocol.ts';

/** How the worker speaks to the page. Buffers listed in `move` are handed over instead of copied. */
export type Post = (message: FromWorker, move?: Transferable[]) => void;
