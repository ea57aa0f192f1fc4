import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { sampleScenes } from '../data/scenes/samples.ts';
import { CPU_ADAPTER } from '../gpu/device.ts';
import { createEngine } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import type { FromWorker } from '../worker/client.ts';
import { RequestError } from '../worker/requestClient.ts';
import type { CommandOf } from '../worker/commands.ts';
import type { Device } from '../worker/device.ts';
import type { EventOf, WorkerEvent } from '../worker/events.ts';
import type { ImageSet } from '../worker/imageSet.ts';
import type { InputOf, ProgressOf, RequestKind, RequestMessage, ResultOf } from '../worker/requests.ts';
import { openKeptFile } from '../worker/regions/keptFile.browser.ts';
import { createTrainerWorker } from '../worker/trainerWorker.ts';
import { memoryDirectory } from './memoryDirectory.ts';
import { SMALL_RUN } from './smallNetwork.ts';

/** A model that the CPU trains in a second per step. */
export const workerConfig = makeConfig(presetConfig('tiny'), SMALL_RUN);

/**
 * The eager engine on the CPU. It compiles nothing, so a progress of 0.5 is reported here, as the compiled engine would.
 */
async function openEngine(): Promise<Engine> {
  const eager = await createEngine(CPU_ADAPTER);
  return {
    ...eager,
    program: (shapes, body, onProgress) => {
      onProgress?.(0.5);
      return eager.program(shapes, body, onProgress);
    },
  };
}

/** Worker on `count` sample scenes: handles messages like those of the page, and records posted ones. */
export async function workerHarness(count: number, onPost: (message: FromWorker) => void = () => undefined) {
  const directory = memoryDirectory().handle;
  const messages: FromWorker[] = [];
  const engine = await openEngine();
  const receive = createTrainerWorker({
    images: { source: async () => sampleScenes(count, 0) } as Partial<ImageSet> as ImageSet,
    openRegionFile: (name) => openKeptFile(() => Promise.resolve(directory), name),
    device: {
      engine: async () => engine,
      tunedEngine: async () => engine,
      isLost: async () => false,
    } as Partial<Device> as Device,
    post: (message) => {
      messages.push(message);
      onPost(message);
    },
  });
  let ids = 0;
  /** Resolves with the result; rejects with a `RequestError`; never settles once aborted. */
  const request = async <Kind extends RequestKind>(kind: Kind, input: InputOf<Kind>): Promise<ResultOf<Kind>> => {
    const id = ++ids;
    await receive({ type: 'request', id, kind, input } as RequestMessage);
    const answer = messages.find((message) => 'id' in message && message.id === id && message.type !== 'progress');
    if (answer?.type === 'result') return answer.result as ResultOf<Kind>;
    if (answer?.type === 'failure') throw new RequestError(answer.error);
    return new Promise(() => undefined);
  };
  return {
    messages,
    receive,
    request,
    start: (runId: number, stopAfter: number, more: Partial<CommandOf<'start'>> = {}): Promise<void> =>
      receive({ type: 'start', runId, config: workerConfig, stopAfter, ...more }),
    /** Id of the latest request. */
    lastId: (): number => ids,
    abort: (id: number): Promise<void> => receive({ type: 'abort', id }),
    progressOf: <Kind extends RequestKind>(id: number): ProgressOf<Kind>[] =>
      messages.flatMap((one) => (one.type === 'progress' && one.id === id ? [one.progress as ProgressOf<Kind>] : [])),
    events: <Type extends WorkerEvent['type']>(type: Type): EventOf<Type>[] =>
      messages.filter((one): one is EventOf<Type> => one.type === type),
  };
}
