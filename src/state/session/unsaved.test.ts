import { expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { INITIAL_SESSION, type Run, type SessionState } from './state.ts';
import { hasUnsavedSteps } from './unsaved.ts';

const run: Run = {
  ...{ runId: 3, title: 'photos', config: presetConfig('tiny'), keepsHistory: false, startStep: 0, totalSteps: 10 },
  ...{ notes: [], imageCount: 8, formats: [] },
};
const paused: SessionState = { ...INITIAL_SESSION, run: { status: 'paused', run, step: 5 } };
const savedAt = (step: number, runId = 3) => ({ lastSaved: { runId, fileName: 'a', step, format: 'safetensors' } });

it('asks while a run goes, and where steps are in no file of that run', () => {
  expect(hasUnsavedSteps(INITIAL_SESSION)).toBe(false);
  expect(hasUnsavedSteps({ ...INITIAL_SESSION, run: { status: 'training', run } })).toBe(true);
  expect(hasUnsavedSteps(paused)).toBe(true);
  expect(hasUnsavedSteps({ ...paused, ...savedAt(4) })).toBe(true);
  expect(hasUnsavedSteps({ ...paused, ...savedAt(9, 2) })).toBe(true);
  expect(hasUnsavedSteps({ ...paused, ...savedAt(5) })).toBe(false);
  const autosave = { runId: 3, fileName: 'a', step: 5, source: new Blob() };
  expect(hasUnsavedSteps({ ...paused, autosave })).toBe(false);
  const ended = { status: 'ended', run, step: 5, elapsedSeconds: 1 } as const;
  expect(hasUnsavedSteps({ ...paused, run: { ...ended, reason: 'finished' } })).toBe(true);
  expect(hasUnsavedSteps({ ...paused, run: { ...ended, reason: 'lost' } })).toBe(false);
});
