import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { config, loadFile, readPhotos, sessionHarness } from '../testing/sessionHarness.ts';
import { createMemory } from './platform/memory.ts';
import { adaptToStart, adoptLoadedSettings, rematchEncoder } from './policies.ts';
import { createSettings } from './view/settings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const emptyMemory = () => createMemory(() => ({ getItem: () => null, setItem: () => undefined }));

it('adapts the form to trained weights, puts it back when the file is dropped, and keeps it when the run starts', async () => {
  const { session } = sessionHarness();
  const settings = createSettings(emptyMemory());
  settings.choosePreset('tiny');
  adaptToStart(session, settings);
  rematchEncoder(session, settings);
  session.open();
  await readPhotos(session);
  const rates = () => {
    const { encoderLrFactor, freezeEncoderSteps } = settings.store.getState().config;
    return [encoderLrFactor, freezeEncoderSteps];
  };
  await loadFile(session, 'encoder', 'resnet.pth');
  expect(rates()).toEqual([0.1, 20]);
  // An encoder that is matched again doesn't undo what was edited.
  settings.edit('encoderLrFactor', '0.5');
  settings.edit('width', '0.5');
  await vi.advanceTimersByTimeAsync(0);
  expect(rates()).toEqual([0.5, 20]);
  await loadFile(session, 'encoder', 'another.pth');
  expect(rates()).toEqual([0.5, 0]);
  settings.choosePreset('quick');
  await vi.advanceTimersByTimeAsync(0);
  expect(rates()).toEqual([0.1, 30]);
  session.discardResume();
  expect(rates()).toEqual([1, 0]);
  await loadFile(session, 'encoder', 'resnet.pth');
  session.start({ ...config, steps: 4 }, 'photos');
  await vi.advanceTimersByTimeAsync(1500);
  expect(session.store.getState().resume.status).toBe('none');
  expect(rates()).toEqual([0.1, 30]);
});

it('a new run from the weights of a run takes its networks and leaves the schedule', async () => {
  const { session, sent } = sessionHarness();
  const settings = createSettings(emptyMemory());
  settings.choosePreset('quick');
  adoptLoadedSettings(session, settings);
  adaptToStart(session, settings);
  session.open();
  await readPhotos(session);
  session.readCheckpoint(new File(['12'], 'run.safetensors'), config, { kind: 'run', id: 'id1' });
  await vi.advanceTimersByTimeAsync(0);
  // The fake file is one of the preset "tiny".
  const { steps, batchSize, stages, hiddenDim } = settings.store.getState().config;
  expect([steps, batchSize, stages, hiddenDim]).toEqual([300, 32, 2, 128]);
  session.start({ ...config, steps: 4 }, 'photos');
  expect(sent.at(-1)).toMatchObject({ type: 'start', anew: true });
});
