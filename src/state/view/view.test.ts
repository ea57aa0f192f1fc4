import { describe, expect, it } from 'vitest';
import { createMemory } from '../platform/memory.ts';
import { createViewStore, scrubBy, shownSnapshot, snapTo } from './view.ts';

describe('history', () => {
  const steps = [0, 25, 50, 75];

  it('shows the snapshot at or before a step, and the latest while following', () => {
    expect(shownSnapshot(steps, undefined)).toBe(3);
    expect(shownSnapshot(steps, 50)).toBe(2);
    // Step 50 was thinned out meanwhile.
    expect(shownSnapshot([0, 25, 75], 50)).toBe(1);
    expect(shownSnapshot([], undefined)).toBe(-1);
  });

  it('goes back and forth, and follows the run again at its end', () => {
    expect(scrubBy(steps, undefined, -1)).toBe(50);
    expect(scrubBy(steps, 0, -1)).toBe(0);
    expect(scrubBy(steps, 25, 1)).toBe(50);
    expect(scrubBy(steps, 50, 1)).toBeUndefined();
    expect(scrubBy([], undefined, -1)).toBeUndefined();
  });
});

describe('a step picked in a chart', () => {
  it('leads to the nearest snapshot; near the last, to what comes', () => {
    const steps = [0, 25, 50, 75];
    expect([0, 12, 13, 30, 62, 63, 900].map((step) => snapTo(steps, step))).toEqual([
      ...[0, 0, 25, 25, 50, undefined, undefined],
    ]);
    expect(snapTo([], 5)).toBeUndefined();
  });
});

describe('createViewStore', () => {
  it('remembers preferences, not the state of a run, and validates what it recalls', () => {
    const items = new Map<string, string>();
    const memory = createMemory(() => ({
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    }));
    createViewStore(memory).setState({ theme: 'dark', overlayOpacity: 0.3, pinned: 4 });
    expect(createViewStore(memory).getState()).toMatchObject({ theme: 'dark', overlayOpacity: 0.3, pinned: undefined });
    items.set('slotcon-tab/view', '{"theme":"<b>","overlayOpacity":7,"openGroups":[1,"run"],"smoothing":1}');
    expect(createViewStore(memory).getState()).toMatchObject({
      theme: 'system',
      overlayOpacity: 0.6,
      openGroups: ['run'],
      smoothing: 0.99,
    });
  });
});
