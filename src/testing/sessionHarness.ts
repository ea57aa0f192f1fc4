import { expect, vi } from 'vitest';
import type { SkippedFile } from '../domain/images.ts';
import { presetConfig } from '../config/presets.ts';
import { createMemory } from '../state/platform/memory.ts';
import { createSession, type Session } from '../state/session/session.ts';
import type { PickedImages } from '../state/session/listing.ts';
import type { FromWorker, ToWorker } from '../worker/client.ts';
import type { WorkerLike } from '../worker/requestClient.ts';
import type { ErrorReport } from '../worker/contracts.ts';
import type { InputOf, ProgressOf, RequestKind, ResultOf } from '../worker/requests.ts';
import { createFakeTrainer } from './fakeWorker.ts';

/**
 * Session with a fake worker. `emit` posts any message and `crash` an error event; `requests` lists the sent requests of a
 * kind, to be answered with `answer` or `fail`.
 */
export function sessionHarness() {
  const sent: ToWorker[] = [];
  /** Kinds of requests that the fake doesn't answer. */
  const held = new Set<RequestKind>();
  const downloads: { fileName: string; source: Blob }[] = [];
  const terminated: number[] = [];
  let listeners: Partial<Record<string, (event: unknown) => void>> = {};
  const emit = (message: FromWorker): void => listeners['message']?.({ data: message });
  const spawnWorker = (): WorkerLike => {
    listeners = {};
    const trainer = createFakeTrainer(emit, (milliseconds, callback) => void setTimeout(callback, milliseconds));
    return {
      postMessage: (message: ToWorker) => {
        sent.push(message);
        if (message.type !== 'request' || !held.has(message.kind)) trainer.receive(message);
      },
      addEventListener: (type: string, listener: (event: unknown) => void) => (listeners[type] = listener),
      terminate: () => terminated.push(1),
    };
  };
  const stored = new Map<string, string>();
  const memory = createMemory(() => ({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => void stored.set(key, value),
  }));
  const session = createSession({
    memory,
    spawnWorker,
    download: (fileName, source) => downloads.push({ fileName, source }),
  });
  const crash = (): void =>
    listeners['error']?.({ preventDefault: () => undefined, message: 'boom', filename: '', lineno: 0, colno: 0 });
  const requests = <Kind extends RequestKind>(kind: Kind): RequestOf<Kind>[] =>
    sent.filter((message): message is RequestOf<Kind> => message.type === 'request' && message.kind === kind);
  const latest = (kind: RequestKind): number => {
    const request = requests(kind).at(-1);
    if (!request) throw new Error(`no request of kind "${kind}" was sent`);
    return request.id;
  };
  /** Answers the latest request of a kind. */
  const answer = async <Kind extends RequestKind>(kind: Kind, result: ResultOf<Kind>): Promise<void> => {
    emit({ type: 'result', id: latest(kind), result });
    await vi.advanceTimersByTimeAsync(0);
  };
  const progress = <Kind extends RequestKind>(kind: Kind, value: ProgressOf<Kind>): void =>
    emit({ type: 'progress', id: latest(kind), progress: value });
  const fail = async (kind: RequestKind, error: ErrorReport): Promise<void> => {
    emit({ type: 'failure', id: latest(kind), error });
    await vi.advanceTimersByTimeAsync(0);
  };
  return { session, sent, downloads, terminated, emit, crash, held, requests, answer, progress, fail };
}

type RequestOf<Kind extends RequestKind> = Extract<ToWorker, { type: 'request' }> & {
  readonly kind: Kind;
  readonly input: InputOf<Kind>;
};

export const config = { ...presetConfig('tiny'), steps: 60 };
export const folder = (names: readonly string[], problems: readonly SkippedFile[] = []): PickedImages => ({
  name: 'photos',
  list: async function* () {
    yield { paths: names, problems };
  },
  open: (path) => Promise.resolve(new File([], path)),
});

export async function readPhotos(session: Session): Promise<void> {
  const names = Array.from({ length: 8 }, (_, index) => `${index}.jpg`);
  await session.readFolder(() => Promise.resolve(folder(names)), 144);
  await vi.advanceTimersByTimeAsync(500);
}

/** Loads a file, and waits until it has been read. */
export async function loadFile(session: Session, content: string, name: string): Promise<void> {
  session.readCheckpoint(new File([content], name), config);
  await vi.waitFor(() => expect(session.store.getState().resume.status).not.toBe('checking'));
}

export async function trainSome(session: Session, milliseconds: number): Promise<void> {
  session.open();
  await readPhotos(session);
  session.start(config, 'photos · Tiny');
  await vi.advanceTimersByTimeAsync(milliseconds);
}
