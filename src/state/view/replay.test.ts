import { describe, expect, it, vi } from 'vitest';
import type { FromReplay, ToReplay } from '../../replay/messages.ts';
import { fakeHealth } from '../../testing/fakeRun.ts';
import { stripOverlay } from '../../testing/overlays.ts';
import { createReplay, evenlySpaced } from './replay.ts';
import type { OverlaySnapshot } from '../session/live/snapshots.ts';

const snapshots: OverlaySnapshot[] = [0, 25, 50].map((step) => ({
  step,
  usage: [],
  health: fakeHealth(step),
  overlays: [stripOverlay(0, [step, step]), stripOverlay(1, [step, step])],
}));
const PHOTOGRAPH = { width: 224, height: 112 } as ImageBitmap;
const options = {
  kind: 'gif',
  snapshots,
  prototypes: 4,
  opacity: 0.5,
  followEdges: false,
  framesPerSecond: 4,
} as const;

function setUp(reply: (message: ToReplay) => FromReplay | undefined) {
  const sent: ToReplay[] = [];
  const downloads: { fileName: string; source: Blob }[] = [];
  const [report, terminate] = [vi.fn(), vi.fn()];
  const replay = createReplay({
    download: (fileName, source) => downloads.push({ fileName, source }),
    loadPhotograph: ({ imageIndex }) => Promise.resolve(imageIndex === 0 ? PHOTOGRAPH : undefined),
    report,
    spawnWorker: () => {
      let listen: (event: unknown) => void = () => undefined;
      return {
        terminate,
        addEventListener: (type: string, listener: typeof listen) => {
          if (type === 'message') listen = listener;
        },
        postMessage: (message: ToReplay) => {
          sent.push(message);
          const data = reply(message);
          if (data) queueMicrotask(() => listen({ data }));
        },
      };
    },
  });
  return { replay, sent, downloads, report, terminate };
}

const succeed = (message: ToReplay): FromReplay =>
  message.type === 'finish' ? { type: 'done', bytes: Uint8Array.of(71, 73, 70) } : { type: 'ready' };

describe('an export', () => {
  it('sends the steps one by one, reports progress, and downloads the file', async () => {
    const { replay, sent, downloads, terminate } = setUp(succeed);
    const fractions: number[] = [];
    replay.store.subscribe((state) => state.status === 'exporting' && fractions.push(state.fraction));
    await replay.exportHistory(options);
    expect(sent.map(({ type }) => type)).toEqual(['photograph', 'begin', 'step', 'step', 'step', 'finish']);
    expect(sent[0]).toMatchObject({ at: 0, bitmap: PHOTOGRAPH });
    expect(sent[1]).toMatchObject({
      request: { kind: 'gif', steps: 3, framesPerSecond: 4, images: [{ dimensions: { width: 2, height: 1 } }, {}] },
    });
    expect(sent[3]).toMatchObject({ step: { step: 25, grids: snapshots[1].overlays.map(({ grid }) => grid) } });
    expect(fractions).toEqual([0, ...[1, 2, 3, 4, 5].map((done) => done / 6)]);
    expect(downloads.map(({ fileName, source }) => [fileName, source.type, source.size])).toEqual([
      ['slotcon-replay-steps0-50.gif', 'image/gif', 3],
    ]);
    expect(replay.store.getState()).toEqual({ status: 'idle' });
    expect(terminate).toHaveBeenCalledOnce();
  });

  it('that is canceled downloads nothing and frees its worker', async () => {
    const { replay, downloads, report, terminate } = setUp((message) => {
      return message.type === 'step' ? undefined : { type: 'ready' };
    });
    const ended = replay.exportHistory({ ...options, kind: 'strip' });
    await vi.waitFor(() => expect(replay.store.getState()).toMatchObject({ status: 'exporting', kind: 'strip' }));
    replay.cancel();
    await ended;
    expect([downloads.length, report.mock.calls.length, terminate.mock.calls.length]).toEqual([0, 0, 1]);
    expect(replay.store.getState()).toEqual({ status: 'idle' });
  });

  it('that fails says why', async () => {
    const { replay, report, downloads } = setUp(() => ({ type: 'failed', message: 'too large' }));
    await replay.exportHistory(options);
    expect(report).toHaveBeenCalledExactlyOnceWith('replay/failed', expect.stringMatching(/too large/));
    expect([downloads.length, replay.store.getState().status]).toEqual([0, 'idle']);
  });
});

it('spaces steps evenly, with the first and the last', () => {
  const steps = Array.from({ length: 101 }, (_, index) => index);
  expect(evenlySpaced(steps, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(evenlySpaced([1, 2], 5)).toEqual([1, 2]);
  expect(evenlySpaced(steps, 1)).toEqual([100]);
});
