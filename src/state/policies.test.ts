import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stepGflop } from '../config/cost.ts';
import { presetConfig } from '../config/presets.ts';
import { config, loadFile, readPhotos, sessionHarness, trainSome } from '../testing/sessionHarness.ts';
import type { ToWorker } from '../worker/client.ts';
import type { Command } from '../worker/commands.ts';
import type { RequestKind } from '../worker/requests.ts';
import type { KeepAwake } from './platform/keepAwake.ts';
import { createMemory } from './platform/memory.ts';
import { recallSpeed } from './platform/speed.ts';
import { createTabs, type Tabs } from './platform/tabs.ts';
import * as policies from './policies.ts';
import { createSettings } from './view/settings.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const emptyMemory = () => {
  const items = new Map<string, string>();
  return createMemory(() => ({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  }));
};
/** Tabs that grant or refuse the claim to train. */
const fakeTabs = (mayTrain: boolean) =>
  ({
    ...createTabs(undefined, undefined),
    claim: vi.fn<Tabs['claim']>(() => Promise.resolve(mayTrain)),
    release: vi.fn<Tabs['release']>(),
    report: vi.fn<Tabs['report']>(),
  }) satisfies Tabs;
const SHORT = { ...config, steps: 4 };
const countOf = (sent: readonly ToWorker[], name: Command['type'] | RequestKind): number =>
  sent.filter((message) => (message.type === 'request' ? message.kind : message.type) === name).length;

it('proposes the preset of the adapter once it is known, and not again after a choice', async () => {
  const { session } = sessionHarness();
  const settings = createSettings(emptyMemory());
  policies.proposePreset(session, settings);
  session.open();
  expect(settings.store.getState().preset).toBe('quick');
  await vi.advanceTimersByTimeAsync(100);
  expect(settings.store.getState().preset).toBe('tiny');
  settings.choosePreset('paper');
  session.open();
  await vi.advanceTimersByTimeAsync(100);
  expect(settings.store.getState().preset).toBe('paper');
});

it('adopts the settings of a loaded checkpoint, but not those of the run on the screen', async () => {
  const { session } = sessionHarness();
  const settings = createSettings(emptyMemory());
  const adopt = vi.spyOn(settings, 'adopt');
  policies.adoptLoadedSettings(session, settings);
  await trainSome(session, 1500);
  session.stop();
  session.stageFromHere();
  await vi.advanceTimersByTimeAsync(0);
  expect(session.store.getState().resume).toMatchObject({ status: 'loaded', keepsHistory: true });
  expect(adopt).not.toHaveBeenCalled();
  await loadFile(session, '12', 'other.safetensors');
  expect(adopt).toHaveBeenCalledExactlyOnceWith(presetConfig('tiny'));
});

it('rematches a loaded encoder when a setting of the encoder changes, and no other', async () => {
  const { session, sent } = sessionHarness();
  const settings = createSettings(emptyMemory());
  policies.rematchEncoder(session, settings);
  session.open();
  await loadFile(session, 'encoder', 'resnet.pth');
  settings.edit('steps', '77');
  expect(countOf(sent, 'readCheckpoint')).toBe(1);
  settings.edit('width', '0.5');
  expect(countOf(sent, 'readCheckpoint')).toBe(2);
  expect(sent.at(-1)).toMatchObject({ kind: 'readCheckpoint', input: { config: { width: 0.5, steps: 77 } } });
});

it('keeps the screen on while a run is prepared or trains, not while it is paused or over', async () => {
  const { session } = sessionHarness();
  let isHeld = false;
  const keepAwake: KeepAwake = { hold: () => void (isHeld = true), release: () => void (isHeld = false) };
  policies.keepScreenOn(session, keepAwake);
  const held: Record<string, boolean> = {};
  session.store.subscribe(({ run }) => (held[run.status] = isHeld));
  await trainSome(session, 1500);
  session.pause();
  session.continueRun();
  session.stop();
  expect(held).toEqual({ idle: false, preparing: true, training: true, paused: false, ended: false });
});

it('claims training for a run and releases it at its end', async () => {
  const { session } = sessionHarness();
  const tabs = fakeTabs(true);
  policies.claimTraining(session, tabs);
  await trainSome(session, 1500);
  tabs.release.mockClear();
  session.pause();
  session.continueRun();
  expect(tabs.claim).toHaveBeenCalledOnce();
  expect(tabs.release).not.toHaveBeenCalled();
  session.stop();
  expect(tabs.release).toHaveBeenCalledOnce();
});

it('stops the run and says so where another tab has claimed training', async () => {
  const { session } = sessionHarness();
  policies.claimTraining(session, fakeTabs(false));
  await trainSome(session, 1500);
  expect(session.store.getState().run).toMatchObject({ status: 'ended', reason: 'stopped' });
  expect(session.store.getState().notices.map(({ code }) => code)).toEqual(['images/other-tab']);
});

it('reports progress to the other tabs', async () => {
  const { session } = sessionHarness();
  const tabs = fakeTabs(true);
  policies.reportProgress(session, tabs);
  await trainSome(session, 100);
  expect(tabs.report).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1500);
  const { record, timing, verdict } = session.live.getState();
  expect(tabs.report).toHaveBeenLastCalledWith({
    title: 'photos · Tiny',
    totalSteps: config.steps,
    step: record?.step,
    loss: record?.loss,
    etaSeconds: timing.etaSeconds,
    verdict: verdict?.title,
  });
});

it('reads the run history again when the other tab stops training', () => {
  const tabs = fakeTabs(true);
  const refresh = vi.fn(() => Promise.resolve());
  policies.refreshHistory(tabs, { refresh });
  tabs.store.setState({ other: { report: undefined } });
  expect(refresh).not.toHaveBeenCalled();
  tabs.store.setState({ other: undefined });
  expect(refresh).toHaveBeenCalledOnce();
});

it('chooses the colors of a run once, while it is prepared', async () => {
  const { session } = sessionHarness();
  const scheduledAt: string[] = [];
  policies.chooseColorsAhead(session, () => scheduledAt.push(session.store.getState().run.status));
  await trainSome(session, 1500);
  expect(scheduledAt).toEqual(['preparing']);
});

it('remembers the measured speed when a run ends', async () => {
  const { session } = sessionHarness();
  const memory = emptyMemory();
  policies.rememberMeasuredSpeed(session, memory);
  await trainSome(session, 1500);
  const { adapter } = session.store.getState();
  if (adapter.status !== 'ready') throw new Error('the adapter is not open');
  expect(recallSpeed(memory, adapter.adapter).measured).toBe(false);
  session.stop();
  const { imagesPerSecond } = session.live.getState().timing;
  expect(imagesPerSecond).toBeGreaterThan(0);
  const gflopPerSecond = (stepGflop(config) * imagesPerSecond) / config.batchSize;
  expect(recallSpeed(memory, adapter.adapter)).toEqual({ gflopPerSecond, measured: true });
});

it('saves the state of an active run when the page is hidden', async () => {
  const { session, sent } = sessionHarness();
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  policies.saveWhenHidden(session, page as unknown as Document);
  const show = (visibilityState: DocumentVisibilityState): void => {
    page.visibilityState = visibilityState;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  session.open();
  await readPhotos(session);
  show('hidden');
  expect(countOf(sent, 'autosave')).toBe(0);
  session.start(SHORT, 'photos');
  await vi.advanceTimersByTimeAsync(900);
  show('visible');
  expect(countOf(sent, 'autosave')).toBe(0);
  show('hidden');
  expect(countOf(sent, 'autosave')).toBe(1);
});

it('asks before the page is left with unsaved steps', async () => {
  const { session } = sessionHarness();
  const page = new EventTarget();
  policies.warnOfUnsavedSteps(session, page);
  const isHeldBack = (): boolean => !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(isHeldBack()).toBe(false);
  await trainSome(session, 1500);
  expect(isHeldBack()).toBe(true);
});

it('applies all rules', async () => {
  const { session, sent } = sessionHarness();
  const settings = createSettings(emptyMemory());
  const [tabs, keepAwake] = [fakeTabs(true), { hold: vi.fn(), release: vi.fn() }];
  const [memory, schedule, refresh] = [emptyMemory(), vi.fn(), vi.fn(() => Promise.resolve())];
  const page = Object.assign(new EventTarget(), { visibilityState: 'hidden' });
  policies.applyPolicies({
    session,
    settings,
    tabs,
    keepAwake,
    memory,
    schedule,
    runHistory: { refresh },
    document: page as unknown as Document,
    window: page,
  });
  session.open();
  await loadFile(session, 'encoder', 'resnet.pth');
  settings.edit('width', '0.25');
  await loadFile(session, '12', 'start.safetensors');
  await trainSome(session, 1500);
  page.dispatchEvent(new Event('visibilitychange'));
  expect(page.dispatchEvent(new Event('beforeunload', { cancelable: true }))).toBe(false);
  session.stop();
  tabs.store.setState({ other: undefined });
  expect(settings.store.getState()).toMatchObject({ preset: 'tiny', chosen: true, config: presetConfig('tiny') });
  expect([countOf(sent, 'readCheckpoint'), countOf(sent, 'autosave')]).toEqual([3, 1]);
  for (const called of [tabs.claim, tabs.release, tabs.report, keepAwake.hold, keepAwake.release, schedule, refresh])
    expect(called).toHaveBeenCalled();
  const { adapter } = session.store.getState();
  expect(adapter.status === 'ready' && recallSpeed(memory, adapter.adapter).measured).toBe(true);
});
