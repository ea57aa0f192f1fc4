import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { DEFAULT_MASK_OPTIONS } from '../domain/maskForms.ts';
import { createTrainerClient, type FromWorker } from './client.ts';
import type { WorkerLike, WorkerLostError } from './requestClient.ts';
import type { WorkerEvent } from './events.ts';
import type { InputOf, RequestKind, RequestMessage } from './requests.ts';

const source = new Blob();
/** One input of every kind: a kind that is missing here is a type error. */
const INPUTS: { readonly [Kind in RequestKind]: InputOf<Kind> } = {
  open: {},
  planRun: { config: presetConfig('tiny') },
  saveCheckpoint: { runId: 1, format: 'safetensors' },
  readCheckpoint: { source, config: presetConfig('tiny') },
  readMasks: { files: [] },
  scoreEvery: { everySteps: 1, target: { source: 'masks' } },
  overlays: {},
  segmentPicture: { picture: { width: 1, height: 1, data: new Uint8Array(3) }, model: 1 },
  gallery: {},
  similarSegments: { image: 0, prototype: 0, count: 1 },
  exportMasks: { classes: [], options: DEFAULT_MASK_OPTIONS },
  regions: { keepAs: 'run' },
  score: { source: 'masks' },
  baselines: { source: 'masks' },
};
const KINDS = Object.keys(INPUTS) as RequestKind[];

function connect() {
  const events: WorkerEvent[] = [];
  const lost: WorkerLostError[] = [];
  const posted: unknown[] = [];
  const listeners: Record<string, (event: unknown) => void> = {};
  let terminated = 0;
  const worker = {
    postMessage: (message: unknown) => posted.push(message),
    addEventListener: (type: string, listener: (event: unknown) => void) => (listeners[type] = listener),
    terminate: () => terminated++,
  } as unknown as WorkerLike;
  const client = createTrainerClient(worker, {
    onEvent: (event) => events.push(event),
    onLost: (error) => lost.push(error),
  });
  const emit = (data: FromWorker): void => listeners['message']({ data });
  const crash = (): void => {
    const where = { filename: 'entry.ts', lineno: 3, colno: 7 };
    listeners['error']({ preventDefault: () => undefined, message: 'boom', ...where });
  };
  /** Makes a request of every kind; returns the outcomes of those that settled. */
  const requestAll = () => {
    const outcomes = new Map<RequestKind, unknown>();
    const progress: (readonly [RequestKind, unknown])[] = [];
    const abort = {} as Record<RequestKind, () => void>;
    for (const kind of KINDS) {
      const controller = new AbortController();
      const { signal } = controller;
      abort[kind] = () => {
        controller.abort();
      };
      const onProgress = (value: unknown): unknown => progress.push([kind, value]);
      client.request(kind, INPUTS[kind] as never, { signal, onProgress }).then(
        (result) => outcomes.set(kind, { result }),
        (error: unknown) => outcomes.set(kind, { error }),
      );
    }
    const idOf = (kind: RequestKind): number => KINDS.indexOf(kind) + 1;
    return { outcomes, progress, abort, idOf };
  };
  return { client, events, lost, posted, emit, crash, requestAll, terminated: () => terminated };
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each(KINDS)('a request of kind %s', (kind) => {
  it('that fails rejects with the code and message of the worker, and no other settles', async () => {
    const { emit, requestAll, events } = connect();
    const { outcomes, idOf } = requestAll();
    const report = { code: 'run/none', message: 'refused', detail: 'stack' } as const;
    emit({ type: 'failure', id: idOf(kind), error: report });
    await settled();
    expect([...outcomes.keys()]).toEqual([kind]);
    expect(outcomes.get(kind)).toMatchObject({ error: { code: 'run/none', message: 'refused', report } });
    expect(events).toEqual([]);
  });

  it('resolves with its result after its progress, and no other settles', async () => {
    const { emit, requestAll, posted } = connect();
    const { outcomes, progress, idOf } = requestAll();
    expect(posted[idOf(kind) - 1]).toEqual({ type: 'request', id: idOf(kind), kind, input: INPUTS[kind] });
    emit({ type: 'progress', id: idOf(kind), progress: 0.5 });
    emit({ type: 'result', id: idOf(kind), result: 'made' });
    emit({ type: 'progress', id: idOf(kind), progress: 1 });
    await settled();
    expect([...outcomes]).toEqual([[kind, { result: 'made' }]]);
    expect(progress).toEqual([[kind, 0.5]]);
  });

  it('that is aborted rejects at once, aborts the work in the worker, and ignores a late answer', async () => {
    const { emit, requestAll, posted } = connect();
    const { outcomes, abort, idOf } = requestAll();
    abort[kind]();
    await settled();
    expect(posted.at(-1)).toEqual({ type: 'abort', id: idOf(kind) } satisfies RequestMessage);
    emit({ type: 'result', id: idOf(kind), result: 'late' });
    await settled();
    expect([...outcomes.keys()]).toEqual([kind]);
    expect(outcomes.get(kind)).toMatchObject({ error: { name: 'AbortError' } });
  });
});

describe('a signal', () => {
  it('that is aborted already sends nothing', async () => {
    const { client, posted } = connect();
    await expect(client.request('gallery', {}, { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(posted).toEqual([]);
  });

  it('that is aborted after the answer sends nothing more', async () => {
    const { emit, requestAll, posted } = connect();
    const { abort } = requestAll();
    emit({ type: 'result', id: 1, result: 'made' });
    abort[KINDS[0]]();
    await settled();
    expect(posted).toHaveLength(KINDS.length);
  });
});

describe('a worker', () => {
  it('that crashes rejects everything pending and everything later, and reports itself once', async () => {
    const { client, crash, lost, requestAll, terminated } = connect();
    const { outcomes } = requestAll();
    crash();
    crash();
    await settled();
    expect([...outcomes.keys()]).toEqual(KINDS);
    for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ error: { code: 'worker/crashed' } });
    expect(lost).toMatchObject([{ code: 'worker/crashed', report: { detail: 'boom (entry.ts:3:7)' } }]);
    await expect(client.request('gallery', {})).rejects.toMatchObject({ code: 'worker/crashed' });
    client.close();
    expect(terminated()).toBe(1);
  });

  it('that is closed rejects everything pending, and is silent', async () => {
    const { client, emit, crash, events, lost, posted, requestAll } = connect();
    const { outcomes } = requestAll();
    client.close();
    const before = posted.length;
    emit({ type: 'paused', runId: 1, step: 1 });
    crash();
    client.send({ type: 'autosave' });
    await settled();
    for (const outcome of outcomes.values()) expect(outcome).toMatchObject({ error: { code: 'worker/closed' } });
    expect([outcomes.size, events, lost, posted.length]).toEqual([KINDS.length, [], [], before]);
  });

  it('that streams events is passed on, requests apart', () => {
    const { emit, events } = connect();
    emit({ type: 'result', id: 9, result: 1 });
    emit({ type: 'paused', runId: 1, step: 1 });
    expect(events).toEqual([{ type: 'paused', runId: 1, step: 1 }]);
  });
});
