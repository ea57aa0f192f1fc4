import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readPhotos, sessionHarness } from '../testing/sessionHarness.ts';
import { createMemory } from './platform/memory.ts';
import { planMemoryAhead } from './policies.ts';
import { startReadiness } from './session/readiness.ts';
import { createSettings } from './view/settings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('plans the memory of the latest settings while nothing trains, and refuses a start that does not fit', async () => {
  const { session, held, requests, fail } = sessionHarness();
  const settings = createSettings(createMemory(() => ({ getItem: () => null, setItem: () => undefined })));
  settings.choosePreset('tiny');
  planMemoryAhead(session, settings);
  session.open();
  await readPhotos(session);
  expect(session.store.getState().memoryPlan).toMatchObject({ status: 'planned', memory: { networks: 5e8 } });

  held.add('planRun');
  const before = requests('planRun').length;
  for (const size of ['64', '128', '256']) settings.edit('cropSize', size);
  await vi.advanceTimersByTimeAsync(500);
  expect(requests('planRun').slice(before)).toMatchObject([{ input: { config: { cropSize: 256 } } }]);
  await fail('planRun', { code: 'gpu/batch-too-large', message: 'The largest that fits is 3.' });
  const { config } = settings.store.getState();
  expect(startReadiness(session.store.getState(), config, 0)).toEqual({
    ready: false,
    why: 'The largest that fits is 3.',
  });
  expect(session.store.getState().notices).toEqual([]);

  settings.edit('cropSize', '64');
  expect(startReadiness(session.store.getState(), settings.store.getState().config, 0)).toEqual({ ready: true });
  session.start(settings.store.getState().config, 'photos');
  const asked = requests('planRun').length;
  await vi.advanceTimersByTimeAsync(500);
  expect(requests('planRun')).toHaveLength(asked);
});
