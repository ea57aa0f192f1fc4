import { describe, expect, it } from 'vitest';
import { indexAfterKey } from './rovingFocus.ts';

describe('indexAfterKey', () => {
  it('stops at both ends, or goes round', () => {
    expect(indexAfterKey('ArrowDown', 2, 3)).toBe(2);
    expect(indexAfterKey('ArrowUp', 0, 3)).toBe(0);
    expect(indexAfterKey('ArrowDown', 2, 3, { wraps: true })).toBe(0);
    expect(indexAfterKey('ArrowUp', 0, 3, { wraps: true })).toBe(2);
  });

  it('leads to the ends and by pages', () => {
    expect(indexAfterKey('Home', 2, 9)).toBe(0);
    expect(indexAfterKey('End', 2, 9)).toBe(8);
    expect(indexAfterKey('PageDown', 2, 9, { pageSize: 4 })).toBe(6);
    expect(indexAfterKey('PageUp', 2, 9, { pageSize: 4 })).toBe(0);
  });

  it('leaves other keys alone', () => {
    expect(indexAfterKey('PageDown', 2, 9)).toBeUndefined();
    expect(indexAfterKey('ArrowRight', 2, 9)).toBeUndefined();
    expect(indexAfterKey('a', 2, 9)).toBeUndefined();
  });
});
