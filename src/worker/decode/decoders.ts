import { pagePath } from '../../data/decode/pagePath.ts';
import { corrupt } from '../../data/decode/refusal.ts';
import { UserError } from '../../lib/errors.ts';
import type { WorkerLike } from '../requestClient.ts';
import type { DecodeJob, Decoded, FromDecoder, ToDecoder } from './messages.ts';

/** Workers that decode files, each one at a time. */
export interface Decoders {
  readonly count: number;
  /**
   * Decodes the images of a file when a worker is free, each when it is asked for. What crashes its worker is skipped, and the
   * worker is replaced; so it is when the caller leaves before the last image. Rejects if no worker can be started.
   */
  decode(job: DecodeJob): AsyncIterable<Decoded>;
  /** Ends the workers; pending files never settle. */
  close(): void;
}

interface Decoder {
  run(job: DecodeJob): AsyncIterable<Decoded>;
  /** True if it can't take another file. */
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
    decode: async function* (job) {
      const decoder = await take();
      try {
        yield* decoder.run(job);
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
  let state: 'starting' | 'ready' | 'busy' | 'broken' = 'starting';
  let settle: { done(answer: Decoded | 'done'): void; fail(error: Error): void } | undefined;
  /** Path that is blamed for a crash. */
  let path = '';
  worker.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<FromDecoder>;
    if (data !== 'ready') settle?.done(data);
    else if (state === 'starting') state = settle ? 'busy' : 'ready';
  });
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
  const ask = (message: ToDecoder): Promise<Decoded | 'done'> =>
    new Promise((done, fail) => {
      settle = { done, fail };
      worker.postMessage(message);
    });
  const isBroken = (): boolean => state === 'broken';
  return {
    run: async function* (job) {
      ({ path } = job);
      if (state === 'ready') state = 'busy';
      for (let page = 1, answer = await ask(job); answer !== 'done'; answer = await ask('next')) {
        path = pagePath(job.path, ++page, page);
        yield answer;
        if (isBroken()) return;
      }
      state = 'ready';
    },
    get isBroken() {
      // Left in the middle of a file, it still holds that.
      return state === 'broken' || state === 'busy';
    },
    end: () => worker.terminate(),
  };
}
