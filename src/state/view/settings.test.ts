import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { createMemory } from '../platform/memory.ts';
import { changedSettings, createSettings, settingsConflict } from './settings.ts';

function storage(initial: Record<string, string> = {}) {
  const items = new Map(Object.entries(initial));
  return {
    items,
    memory: createMemory(() => ({
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
    })),
  };
}

describe('createSettings', () => {
  it('proposes a preset for the adapter until the person chooses', () => {
    const { store, propose, choosePreset } = createSettings(storage().memory);
    propose(true);
    expect(store.getState().preset).toBe('tiny');
    propose(false);
    expect(store.getState().preset).toBe('quick');
    choosePreset('paper');
    propose(true);
    expect(store.getState()).toMatchObject({ preset: 'paper', config: presetConfig('paper') });
  });

  it('does not replace edited settings by a proposal', () => {
    const { store, propose, edit } = createSettings(storage().memory);
    edit('steps', '77');
    propose(true);
    expect(store.getState().config.steps).toBe(77);
  });

  it('keeps invalid text beside the last valid value, with the reason', () => {
    const { store, edit, reset } = createSettings(storage().memory);
    edit('batchSize', '0');
    expect(store.getState().config.batchSize).toBe(presetConfig('quick').batchSize);
    expect(store.getState().drafts.batchSize).toMatchObject({ text: '0' });
    expect(store.getState().drafts.batchSize?.message).toContain('4096');
    edit('batchSize', '12');
    expect(store.getState()).toMatchObject({ drafts: {}, config: { batchSize: 12 } });
    reset('batchSize');
    expect(changedSettings('quick', store.getState().config)).toEqual([]);
  });

  it('takes several values at once, each of which can be reset', () => {
    const { store, change, edit, reset } = createSettings(storage().memory);
    edit('width', 'wide');
    edit('steps', 'many');
    change({ arch: 'resnet34', width: 1 });
    expect(store.getState().config).toEqual({ ...presetConfig('quick'), arch: 'resnet34', width: 1 });
    expect(Object.keys(store.getState().drafts)).toEqual(['steps']);
    reset('arch');
    expect(changedSettings('quick', store.getState().config)).toEqual(['width']);
  });

  it('remembers preset and changes for the next visit, and drops what no longer fits', () => {
    const { memory, items } = storage();
    const first = createSettings(memory);
    first.choosePreset('tiny');
    first.edit('steps', '33');
    expect(createSettings(memory).store.getState()).toMatchObject({
      preset: 'tiny',
      chosen: true,
      config: { steps: 33 },
    });
    items.set(
      'slotcon-tab/settings',
      JSON.stringify({ preset: 'tiny', chosen: true, changed: { steps: -4, gone: 1, seed: 9 } }),
    );
    expect(createSettings(memory).store.getState().config).toEqual({ ...presetConfig('tiny'), seed: 9 });
    items.set('slotcon-tab/settings', '{not json');
    expect(createSettings(memory).store.getState().config).toEqual(presetConfig('quick'));
  });

  it('adopts the settings of a checkpoint as the closest preset with changes', () => {
    const { store, adopt } = createSettings(storage().memory);
    adopt({ ...presetConfig('tiny'), steps: 400 });
    expect(store.getState().preset).toBe('tiny');
    expect(changedSettings('tiny', store.getState().config)).toEqual(['steps']);
  });
});

describe('settingsConflict', () => {
  it('names settings that are valid alone and invalid together', () => {
    expect(settingsConflict(presetConfig('tiny'))).toBeUndefined();
    expect(settingsConflict({ ...presetConfig('tiny'), blurSigmaMin: 3 })).toContain('blurSigmaMin');
  });
});

describe('createMemory', () => {
  it('works without a storage', () => {
    const memory = createMemory(() => {
      throw new Error('forbidden');
    });
    memory.remember('view', 1);
    expect(memory.recall('view')).toBeUndefined();
  });
});
