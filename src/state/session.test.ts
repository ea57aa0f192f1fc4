import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { createFakeTrainer } from '../testing/fakeWorker.ts';
import type { WorkerLike } from '../worker/client.ts';
import type { FromWorker, ToWorker } from '../worker/protocol.ts';
import { createSession, type Session } from './session.ts';
import { datasetOf } from './sessionState.ts';

/** A worker that answers with made-up numbers; `emit` and `crash` play what the fake doesn't. */
function harness() {
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
  const session = createSession({ spawnWorker, download: (fileName, source) => downloads.push({ fileName, source }) });
  const crash = (): void =>
    listeners['error']?.({ preventDefault: () => undefined, message: 'boom', filename: '', lineno: 0, colno: 0 });
  return { session, sent, downloads, terminated, emit, crash };
}

const config = { ...presetConfig('tiny'), steps: 60 };
const folder = (names: string[]) => ({
  name: 'photos',
  files: names.map((path) => ({ path, file: new File([], path) })),
  problems: [],
});

async function readPhotos(session: Session): Promise<void> {
  const names = Array.from({ length: 8 }, (_, index) => `${index}.jpg`);
  await session.readFolder(() => Promise.resolve(folder(names)), 144);
  await vi.advanceTimersByTimeAsync(500);
}

async function trainSome(session: Session, milliseconds: number): Promise<void> {
  session.open();
  await readPhotos(session);
  await session.start(config, 'photos · Tiny');
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('images', () => {
  it('collects pictures and skipped files, in order, with the reasons', async () => {
    const { session } = harness();
    session.open();
    await session.readFolder(() => Promise.resolve(folder(['a.jpg', 'notes.txt', 'b.jpg'])), 144);
    expect(session.store.getState().images).toMatchObject({ status: 'reading', total: 3 });
    await vi.advanceTimersByTimeAsync(500);
    const { images } = session.store.getState();
    expect(images.status).toBe('ready');
    const dataset = datasetOf(images);
    expect(dataset?.pictures.map(({ path }) => path)).toEqual(['a.jpg', 'b.jpg']);
    expect(dataset?.skipped).toMatchObject([{ path: 'notes.txt', reason: 'not-an-image' }]);
    expect(dataset?.usable).toBe(2);
  });

  it('ignores what still arrives of a data set that was replaced', async () => {
    const { session, emit } = harness();
    session.open();
    await session.readFolder(() => Promise.resolve(folder(['a.jpg'])), 144);
    emit({ type: 'imageSkipped', datasetId: -5, file: { path: 'old', reason: 'empty', detail: '' } });
    await vi.advanceTimersByTimeAsync(500);
    expect(datasetOf(session.store.getState().images)?.skipped).toEqual([]);
  });

  it('stays as it was when the picker is closed, and reports a folder that cannot be read', async () => {
    const { session } = harness();
    session.open();
    await session.readFolder(() => Promise.resolve(undefined), 144);
    expect(session.store.getState().images.status).toBe('empty');
    await session.readFolder(() => Promise.reject(new Error('no permission')), 144);
    expect(session.store.getState().images.status).toBe('empty');
    expect(session.store.getState().troubles).toMatchObject([
      { code: 'folder/unreadable', message: 'no permission', action: 'chooseFolder' },
    ]);
  });

  it('refuses other images while a run uses these', async () => {
    const { session, sent } = harness();
    await trainSome(session, 1500);
    session.readSamples();
    expect(sent.filter(({ type }) => type === 'readSamples')).toHaveLength(0);
    expect(session.store.getState().troubles.at(-1)?.code).toBe('images/run-active');
  });
});

describe('a run', () => {
  it('prepares, trains, pauses, continues and finishes', async () => {
    const { session } = harness();
    await trainSome(session, 500);
    expect(session.store.getState().run.status).toBe('preparing');
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.store.getState().run).toMatchObject({ status: 'training', run: { totalSteps: 60, startStep: 0 } });
    session.pause();
    expect(session.store.getState().run.status).toBe('paused');
    const paused = session.series.count();
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.series.count()).toBe(paused);
    session.continueRun();
    await vi.advanceTimersByTimeAsync(6000);
    expect(session.store.getState().run).toMatchObject({ status: 'ended', reason: 'finished', step: 60 });
    expect(session.series.count()).toBe(60);
    expect(session.live.getState().record?.step).toBe(60);
    expect(session.live.getState().snapshots.map(({ step }) => step)).toEqual([0, 25, 50]);
  });

  it('updates React state at most ten times a second, however fast the steps are', async () => {
    const { session, emit } = harness();
    await trainSome(session, 1000);
    const { run } = session.store.getState();
    if (run.status !== 'training') throw new Error(run.status);
    session.pause();
    const { record, verdict } = session.live.getState();
    if (!record || !verdict) throw new Error('no step yet');
    let updates = 0;
    session.live.subscribe(() => updates++);
    for (let at = 1; at <= 1000; at++) {
      const step = { ...record, step: record.step + at };
      const { runId } = run.run;
      emit({ type: 'step', runId, record: step, verdict, stepMs: 1, imagesPerSecond: 1, etaSeconds: 1 });
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(updates).toBe(1);
    expect(session.live.getState().record?.step).toBe(record.step + 1000);
  });

  it('downloads a checkpoint under the name that the worker gives it', async () => {
    const { session, downloads } = harness();
    await trainSome(session, 1500);
    session.saveCheckpoint();
    expect(downloads.map(({ fileName }) => fileName)).toEqual([session.store.getState().lastSaved?.fileName]);
    expect(session.store.getState().saving).toBe(0);
  });

  it('goes on from where it was stopped, with its curves', async () => {
    const { session, sent } = harness();
    await trainSome(session, 2000);
    session.stop();
    const stopped = session.store.getState().run;
    if (stopped.status !== 'ended') throw new Error(stopped.status);
    session.continueFromHere();
    await vi.advanceTimersByTimeAsync(900);
    expect(sent.at(-1)).toMatchObject({ type: 'start', resume: expect.any(ArrayBuffer) as ArrayBuffer });
    await vi.advanceTimersByTimeAsync(6000);
    expect(session.series.count()).toBe(60);
    expect(session.series.recent().map(({ step }) => step)).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  it('returns to idle with a message when it cannot start', async () => {
    const { session, emit } = harness();
    await trainSome(session, 100);
    const { run } = session.store.getState();
    if (run.status !== 'preparing') throw new Error(run.status);
    emit({ type: 'trouble', code: 'dataset/too-small', message: '3 images, a batch needs 8', runId: run.plan.runId });
    expect(session.store.getState().run.status).toBe('idle');
    expect(session.store.getState().troubles.at(-1)).toMatchObject({ action: 'chooseFolder' });
  });
});

describe('a checkpoint from a file', () => {
  it('is read, announced and handed over at the start', async () => {
    const { session, sent } = harness();
    session.open();
    await readPhotos(session);
    await session.readCheckpoint(new File(['40'], 'mine.safetensors'));
    expect(session.store.getState().resume).toMatchObject({ status: 'loaded', name: 'mine.safetensors', step: 40 });
    await session.start(config, 'again');
    expect(sent.at(-1)).toMatchObject({ type: 'start', resume: expect.any(ArrayBuffer) as ArrayBuffer });
    await vi.advanceTimersByTimeAsync(6000);
    expect(session.series.recent()[0]?.step).toBe(41);
    expect(session.store.getState().resume.status).toBe('none');
  });

  it('that is refused leaves the run untouched', async () => {
    const { session } = harness();
    await trainSome(session, 1500);
    await session.readCheckpoint(new File(['broken'], 'bad.safetensors'));
    const { run, resume, troubles } = session.store.getState();
    expect(run.status).toBe('training');
    expect(resume.status).toBe('none');
    expect(troubles.at(-1)).toMatchObject({ code: 'checkpoint/truncated', action: 'chooseCheckpoint' });
  });
});

describe('a worker that crashes', () => {
  it('ends the run as lost, keeps the curves, and reads the images again after a restart', async () => {
    const { session, sent, crash, terminated } = harness();
    await trainSome(session, 2000);
    const count = session.series.count();
    crash();
    expect(session.store.getState()).toMatchObject({
      adapter: { status: 'failed' },
      run: { status: 'ended', reason: 'lost' },
      troubles: [{ code: 'worker/crashed', action: 'restartWorker' }],
    });
    expect(terminated).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(session.series.count()).toBe(count);
    session.open();
    await vi.advanceTimersByTimeAsync(500);
    expect(session.store.getState()).toMatchObject({ adapter: { status: 'ready' }, images: { status: 'ready' } });
    expect(sent.filter(({ type }) => type === 'readFiles')).toHaveLength(2);
  });
});
