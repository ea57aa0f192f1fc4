import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_MASK_OPTIONS } from '../../domain/maskForms.ts';
import { config, folder, loadFile, readPhotos, sessionHarness, trainSome } from '../../testing/sessionHarness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SKY = [{ name: 'sky', prototypes: [2, 6] }];
const read = { kind: 'checkpoint', config, step: 4, datasetFingerprint: '', classes: SKY } as const;
const present = (session: ReturnType<typeof sessionHarness>['session']) => session.store.getState().classes.present;
const sentClasses = (sent: ReturnType<typeof sessionHarness>['sent']) =>
  sent.flatMap((message) => (message.type === 'setClasses' || message.type === 'start' ? [message] : []));

describe('names', () => {
  it('are sent to the worker with every edit, and with every undoing', async () => {
    const { session, sent } = sessionHarness();
    await trainSome(session, 2000);
    session.renameClass(6, '  sky\n');
    session.mergeClasses([2, 6]);
    expect(present(session)).toEqual(SKY);
    session.undoClasses();
    expect(present(session)).toEqual([{ name: 'sky', prototypes: [6] }]);
    session.redoClasses();
    session.redoClasses();
    session.splitClasses([6]);
    expect(new Set(sentClasses(sent).map(({ runId }) => runId)).size).toBe(1);
    expect(sentClasses(sent).map(({ classes }) => classes)).toEqual([
      ...[[], [{ name: 'sky', prototypes: [6] }], SKY, [{ name: 'sky', prototypes: [6] }], SKY],
      [{ name: 'sky', prototypes: [2] }],
    ]);
  });

  it('that stay as they are are nothing to undo', async () => {
    const { session, sent } = sessionHarness();
    await trainSome(session, 2000);
    session.renameClass(3, '   ');
    session.mergeClasses([4]);
    session.splitClasses([4]);
    session.undoClasses();
    session.redoClasses();
    expect(session.store.getState().classes.past).toEqual([]);
    expect(sentClasses(sent)).toHaveLength(1);
  });

  it('stay when the run continues where it is, and are fresh for a fresh one', async () => {
    const { session } = sessionHarness();
    await trainSome(session, 2000);
    session.mergeClasses([2, 6]);
    session.stop();
    session.continueFromHere();
    await vi.advanceTimersByTimeAsync(2000);
    session.renameClass(2, 'sky');
    expect(present(session)).toEqual(SKY);
    session.stop();
    session.stageFromHere();
    await vi.advanceTimersByTimeAsync(100);
    session.start(config, 'staged');
    await vi.advanceTimersByTimeAsync(2000);
    expect(present(session)).toEqual(SKY);
    session.undoClasses();
    expect(present(session)).toEqual([{ name: '', prototypes: [2, 6] }]);
    session.stop();
    session.start(config, 'fresh');
    expect(session.store.getState().classes).toEqual({ past: [], present: [], future: [] });
  });

  it('come with a checkpoint, can be changed before the start, and go with it', async () => {
    const { session, sent, answer } = sessionHarness();
    session.open();
    await readPhotos(session);
    await loadFile(session, 'not a checkpoint', 'a.safetensors');
    session.readCheckpoint(new File(['nothing'], 'b.safetensors'), config);
    await answer('readCheckpoint', read);
    expect(present(session)).toEqual(SKY);
    session.renameClass(2, 'heaven');
    session.start(config, 'resumed');
    await vi.advanceTimersByTimeAsync(2000);
    expect(sentClasses(sent).at(-1)?.classes).toEqual([{ name: 'heaven', prototypes: [2, 6] }]);
    session.undoClasses();
    expect(present(session)).toEqual(SKY);
  });

  it('of a checkpoint that is loaded while a run is on the screen wait for its start; those shown stay', async () => {
    const { session, answer } = sessionHarness();
    await trainSome(session, 2000);
    session.stop();
    session.renameClass(0, 'mine');
    session.readCheckpoint(new File(['nothing'], 'b.safetensors'), config);
    await answer('readCheckpoint', read);
    expect(present(session)).toEqual([{ name: 'mine', prototypes: [0] }]);
    session.start(config, 'theirs');
    expect(present(session)).toEqual(SKY);
  });

  it('go when their checkpoint is put aside', async () => {
    const { session, answer } = sessionHarness();
    session.open();
    await readPhotos(session);
    session.readCheckpoint(new File(['nothing'], 'b.safetensors'), config);
    await answer('readCheckpoint', read);
    session.discardResume();
    expect(present(session)).toEqual([]);
  });

  it('outlive the worker', async () => {
    const { session, emit, crash, sent } = sessionHarness();
    await trainSome(session, 2000);
    session.mergeClasses([2, 6]);
    const { runId } = sentClasses(sent)[0];
    emit({ type: 'autosaved', runId, step: 3, fileName: 'a.safetensors', source: new Blob(['3']) });
    crash();
    session.renameClass(6, 'sky');
    session.open();
    await vi.advanceTimersByTimeAsync(1000);
    session.start(config, 'again');
    expect(sentClasses(sent).at(-1)).toMatchObject({ classes: SKY });
  });
});

describe('masks', () => {
  it('are exported with the names of the moment, and downloaded', async () => {
    const { session, requests, downloads } = sessionHarness();
    await trainSome(session, 2000);
    session.mergeClasses([2, 6]);
    session.setMaskOptions({ forms: [] });
    await session.exportMasks();
    expect(session.store.getState().masks, 'no form, no export').toEqual({ status: 'none' });
    session.setMaskOptions({ forms: DEFAULT_MASK_OPTIONS.forms });
    const exported = session.exportMasks();
    expect(session.store.getState().masks).toEqual({ status: 'working' });
    void session.exportMasks();
    await vi.advanceTimersByTimeAsync(200);
    expect(session.store.getState().jobs).toMatchObject([{ kind: 'exportMasks', phase: 'Segmenting: 3 of 8 images' }]);
    await vi.advanceTimersByTimeAsync(1000);
    await exported;
    expect(requests('exportMasks').map(({ input }) => input)).toEqual([
      { classes: [{ name: '', prototypes: [2, 6] }], options: DEFAULT_MASK_OPTIONS },
    ]);
    const { fileName } = downloads[0];
    expect(fileName).toMatch(/^slotcon-step\d+-masks\.zip$/);
    expect(session.store.getState()).toMatchObject({
      masks: { status: 'done', fileName, images: 8, bytes: 5 },
      jobs: [],
    });
  });

  it('that are canceled differ from those that failed', async () => {
    const { session, fail, downloads } = sessionHarness();
    await trainSome(session, 2000);
    const canceled = session.exportMasks();
    await vi.advanceTimersByTimeAsync(100);
    session.cancelMasks();
    await canceled;
    expect(session.store.getState().masks).toEqual({ status: 'canceled' });
    const failed = session.exportMasks();
    await fail('exportMasks', { code: 'export/too-large', message: 'Too large.' });
    await failed;
    expect(session.store.getState().masks).toEqual({ status: 'failed', message: 'Too large.' });
    expect(downloads).toEqual([]);
  });

  it('get the photographs that they lie on, opened when the worker wants them', async () => {
    const { session, sent, emit } = sessionHarness();
    session.open();
    const open = (path: string): Promise<File> =>
      path.includes('#') ? Promise.reject(new Error('not found')) : Promise.resolve(new File([], path));
    await session.readFolder(() => Promise.resolve({ ...folder(['a.jpg', 'b.tif']), open }), 144);
    await vi.advanceTimersByTimeAsync(500);
    ['a.jpg', 'b.tif#2', '#1'].forEach((path, id) => emit({ type: 'wantPhotograph', id, path }));
    await vi.advanceTimersByTimeAsync(0);
    const answers = sent.filter((message) => message.type === 'photograph');
    expect(answers.sort((one, other) => one.id - other.id)).toMatchObject([
      { id: 0, opened: { path: 'a.jpg', page: 1 } },
      { id: 1, opened: { path: 'b.tif', page: 2 } },
      { id: 2, opened: undefined },
    ]);
  });

  it('need a model', async () => {
    const { session, requests } = sessionHarness();
    session.open();
    await readPhotos(session);
    await session.exportMasks();
    expect(requests('exportMasks')).toEqual([]);
    expect(session.store.getState().notices).toEqual([]);
  });
});
