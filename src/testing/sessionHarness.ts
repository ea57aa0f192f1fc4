import { expect, vi } from 'vitest';
import type { SkippedFile } from '../domain/images.ts';
import { presetConfig } from '../config/presets.ts';
import { createMemory } from '../state/platform/memory.ts';
import { createSession, type Session } from '../state/session/session.ts';
import type { PickedImages } from '../state/session/listing.ts';
import type { WorkerLike } from '../worker/client.ts';
import type { FromWorker, ToWorker } from '../worker/protocol.ts';
import { createFakeTrainer } from './fakeWorker.ts';

/** A worker that answers with made-up numbers; `emit` and `crash` play what the fake doesn't. */
export function sessionHarness() {
  const sent: ToWorker[] = [];
  const downloads: { fileName: string; source: Blob }[] = [];
  const terminated: number[] = [];
  let listeners: Record<string, (event: unknown) => void> = {};
  const emit = (message: FromWorker): void => listeners['message']?.({ data: message });
  const spawnWorker = (): WorkerLike => {
    listeners = {};
    const trainer = createFakeTrainer(emit, (milliseconds, callback) => void setTimeout(callback, milliseconds));
    return {
      postMessage: (message: ToWorker) => {
        sent.push(message);
        trainer.receive(message);
      },
      addEventListener: (type: string, listener: (event: unknown) => void) => (listeners[type] = listener),
      terminate: () => terminated.push(1),
    } as unknown as WorkerLike;
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
  return { session, sent, downloads, terminated, emit, crash };
}

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

/** Loads a file, and waits until it has been judged. */
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
