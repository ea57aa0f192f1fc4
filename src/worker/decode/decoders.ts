import { corrupt } from '../../data/decode/refusal.ts';
import { UserError } from '../../lib/errors.ts';
import type { WorkerLike } from '../client.ts';
import type { Decoded, FromDecoder, ToDecoder } from './messages.ts';

/** Workers that decode files, each one at a time. */
export interface Decoders {
  readonly count: number;
  /**
   * Decodes a file when a worker is free. A file that crashes its worker is skipped, and the worker is replaced. Rejects
   * if no worker can be started.
   */
  decode(job: ToDecoder): Promise<Decoded>;
  /** Ends the workers; pending files never settle. */
  close(): void;
}

interface Decoder {
  run(job: ToDecoder): Promise<Decoded>;
  readonly isBroken: boolean;
  end(): void;
}

export function createDecoders(count: number, spawn: () => WorkerLike): Decoders {
  const idle: Decoder[] = [];
  const all = new Set<Decoder>();
  const waiting: ((decoder: Decoder) => void)[] = [];

  const take = (): Promise<Decoder> => {
    const free = idle.pop();
    if (free && !free.isBroken) return Promise.resolve(free);
    if (free) all.delete(free);
    if (all.size >= count) return new Promise((resolve) => waiting.push(resolve));
    const fresh = createDecoder(spawn());
    all.add(fresh);
    return Promise.resolve(fresh);
  };
  const giveBack = (decoder: Decoder): void => {
    let free = decoder;
    if (decoder.isBroken) {
      all.delete(decoder);
      decoder.end();
      if (waiting.length === 0) return;
      all.add((free = createDecoder(spawn())));
    }
    const next = waiting.shift();
    if (next) next(free);
    else idle.push(free);
  };
  return {
    count,
    decode: async (job) => {
      const decoder = await take();
      try {
        return await decoder.run(job);
      } finally {
        giveBack(decoder);
      }
    },
    close: () => {
      for (const decoder of all) decoder.end();
      all.clear();
    },
  };
}

function createDecoder(worker: WorkerLike): Decoder {
  let state: 'starting' | 'ready' | 'broken' = 'starting';
  let settle: { done(decoded: Decoded): void; fail(error: Error): void } | undefined;
  worker.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<FromDecoder>;
    if (data === 'ready') state = 'ready';
    else settle?.done(data);
  });
  let path = '';
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    const why = event.message || 'no message';
    const wasStarting = state === 'starting';
    state = 'broken';
    if (wasStarting)
      settle?.fail(
        new UserError('decoder/unavailable', `The image decoder could not be started (${why}). Reload the page.`),
      );
    else settle?.done({ skipped: { path, ...corrupt(`The decoder broke down over it (${why}).`) } });
  });
  return {
    run: (job) => {
      ({ path } = job);
      return new Promise((done, fail) => {
        settle = { done, fail };
        worker.postMessage(job);
      });
    },
    get isBroken() {
      return state === 'broken';
    },
    end: () => worker.terminate(),
  };
}
