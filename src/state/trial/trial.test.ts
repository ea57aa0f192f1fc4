import { expect, it } from 'vitest';
import { gridOf } from '../../testing/overlays.ts';
import { config } from '../../testing/sessionHarness.ts';
import { cameraError, type Camera } from '../platform/camera.ts';
import { INITIAL_SESSION, type SessionState } from '../session/session.ts';
import { createTrial, type TrialPorts } from './trial.ts';

const grid = gridOf([0, 1], 1, 2);
const slots = { grid, edges: grid };

/** A trial of a loaded checkpoint whose files are squares, unless their names begin with "bad". */
function setUp(camera: Partial<Camera> = {}) {
  const closed: number[] = [];
  const models: number[] = [];
  let made = 0;
  const bitmap = (): ImageBitmap => {
    const id = ++made;
    return { width: 4, height: 4, close: () => void closed.push(id) };
  };
  let opened: (camera: Camera) => void = () => undefined;
  let stops = 0;
  const state = { ...INITIAL_SESSION, resume: { status: 'loaded', config, source: new Blob() } } as SessionState;
  const session = {
    store: { getState: () => state },
    runJob: (_: string, { model }: { model: number }) => {
      models.push(model);
      return Promise.resolve(models.length > 3 ? { status: 'failed' } : { status: 'done', result: slots });
    },
  } as unknown as TrialPorts['session'];
  let time = 0;
  const trial = createTrial({
    session,
    displayWorkers: {
      make: ({ subject }) =>
        Promise.resolve(
          subject.kind === 'file' && subject.path.startsWith('bad') ? undefined : { bitmap: bitmap(), isFull: true },
        ),
    },
    openCamera: () => new Promise((resolve) => (opened = resolve)),
    pixelsOf: () => ({ width: 1, height: 1, data: new Uint8Array(3) }),
    now: () => (time += 100),
  });
  const device: Camera = {
    capture: () => Promise.resolve(bitmap()),
    stop: () => {
      stops++;
    },
    ...camera,
  };
  return { trial, models, closed, open: () => opened(device), stops: () => stops };
}

it('shows pictures with their slots, newest first, and names what can’t be read', async () => {
  const { trial, models, closed } = setUp();
  await trial.add([new File([], 'a.jpg'), new File([], 'bad.jpg'), new File([], 'b.jpg')]);
  const { pictures, problems, reading } = trial.store.getState();
  expect(pictures.map((one) => [one.name, one.slots])).toEqual([
    ['b.jpg', slots],
    ['a.jpg', slots],
  ]);
  expect(problems).toEqual(['“bad.jpg” can’t be read as a picture: save it as JPEG, PNG or WebP.']);
  // One model, for which what was compiled is kept.
  expect([reading, models]).toEqual([0, [1, 1]]);
  trial.clear();
  expect(closed).toEqual([2, 1]);
});

it('follows the camera with its rate, and turns it off when the slots fail', async () => {
  const { trial, open, stops, closed } = setUp();
  const rates: number[] = [];
  trial.store.subscribe(({ camera }) => {
    if (camera.status === 'on' && camera.frame) rates.push(camera.rate);
  });
  const watching = trial.startCamera();
  open();
  await watching;
  expect(rates).toEqual([10, 10, 10]);
  expect(trial.store.getState().camera).toEqual({
    status: 'off',
    problem: 'The slots could not be computed, so the camera was turned off.',
  });
  // Every frame is given back.
  expect([stops(), closed.toSorted((a, b) => a - b)]).toEqual([1, [1, 2, 3, 4]]);
});

it('turns off a camera that opens after the view was left', async () => {
  const { trial, open, stops } = setUp();
  const starting = trial.startCamera();
  trial.stopCamera();
  open();
  await starting;
  expect([stops(), trial.store.getState().camera]).toEqual([1, { status: 'off', problem: undefined }]);
});

it.each([
  ['NotAllowedError', 'camera/refused', 'Allow it'],
  ['NotFoundError', 'camera/none', 'Connect one'],
  ['NotReadableError', 'camera/busy', 'close what else uses it'],
])('says what to do after %s', (name, code, remedy) => {
  const error = cameraError(new DOMException('', name));
  expect([error.code, error.message]).toEqual([code, expect.stringContaining(remedy)]);
});
