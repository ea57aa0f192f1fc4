import { describe, expect, it } from 'vitest';
import { HELP_LINES, shortcutOf, shortcutProps, SHORTCUTS } from './shortcuts.ts';

const NONE = { ctrlKey: false, metaKey: false, shiftKey: false };

describe('shortcutOf', () => {
  it('reads single keys whatever their case', () => {
    expect(shortcutOf({ ...NONE, key: 'o' }, 'page')).toEqual({ name: 'overlay', index: 0 });
    expect(shortcutOf({ ...NONE, key: 'O', shiftKey: true }, 'page')).toEqual({ name: 'overlay', index: 0 });
    expect(shortcutOf({ ...NONE, key: '?', shiftKey: true }, 'page')).toEqual({ name: 'help', index: 0 });
    expect(shortcutOf({ ...NONE, key: 'ArrowRight' }, 'page')).toEqual({ name: 'scrub', index: 1 });
    expect(shortcutOf({ ...NONE, key: 'q' }, 'page')).toBeUndefined();
  });

  it('tells undo from redo, with Control or Meta', () => {
    expect(shortcutOf({ ...NONE, key: 'z', ctrlKey: true }, 'page')?.name).toBe('undo');
    expect(shortcutOf({ ...NONE, key: 'z', metaKey: true }, 'page')?.name).toBe('undo');
    expect(shortcutOf({ key: 'Z', ctrlKey: true, metaKey: false, shiftKey: true }, 'page')?.name).toBe('redo');
    expect(shortcutOf({ ...NONE, key: 'y', ctrlKey: true }, 'page')?.name).toBe('redo');
    // The browser's own.
    expect(shortcutOf({ ...NONE, key: 'd', ctrlKey: true }, 'page')).toBeUndefined();
    expect(shortcutOf({ ...NONE, key: 'z' }, 'page')).toBeUndefined();
  });

  it('keeps the page’s keys from an enlarged image, but for those that look at slots', () => {
    const inZoom = ['1', 'o', 's', ' ', 'd', '?', 'ArrowLeft'].map((key) => shortcutOf({ ...NONE, key }, 'zoom')?.name);
    expect(inZoom).toEqual(['isolate', 'overlay', 'sideBySide', undefined, undefined, undefined, undefined]);
    expect(shortcutOf({ ...NONE, key: '+' }, 'page')).toBeUndefined();
    expect(shortcutOf({ ...NONE, key: '-' }, 'zoom')).toEqual({ name: 'zoom', index: 1 });
  });
});

it('gives no key two meanings in one place', () => {
  for (const scope of ['page', 'zoom']) {
    const keys = Object.values(SHORTCUTS)
      .filter((shortcut) => shortcut.scope.includes(scope))
      .flatMap((shortcut): readonly string[] => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  }
});

it('names the key in titles and in the help', () => {
  expect(shortcutProps('scrub', 'Overlays after', 1)).toEqual({
    title: 'Overlays after (→)',
    'aria-keyshortcuts': 'ArrowRight',
  });
  expect(shortcutProps('pause', 'Pause')).toEqual({ title: 'Pause (Space)', 'aria-keyshortcuts': 'Space' });
  expect(HELP_LINES).toContainEqual({ keys: '← →', help: 'Overlays of an earlier or later step' });
});
