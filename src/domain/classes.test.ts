import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classLabel,
  classOf,
  leadersOf,
  listClasses,
  mergeClasses,
  MAX_NAME_LENGTH,
  NO_CLASSES,
  renameClass,
  sameClasses,
  splitClass,
  tidyName,
  type PrototypeClasses,
} from './classes.ts';

const COUNT = 9;

describe('names', () => {
  it('are one trimmed line of at most 80 characters, whole ones', () => {
    expect(tidyName('  blue\n\tsky\u2028 ')).toBe('blue sky');
    expect(tidyName(' \n ')).toBe('');
    expect(tidyName('🌲'.repeat(100))).toBe('🌲'.repeat(MAX_NAME_LENGTH));
  });
  it('fall back to the numbers of the slots, from 1', () => {
    const labels = [[2], [2, 6], [0, 1, 2, 3], [0, 1, 2, 3, 4]].map((prototypes) =>
      classLabel({ name: '', prototypes }),
    );
    expect(labels).toEqual(['Slot 3', 'Slots 3 + 7', 'Slots 1 + 2 + 3 + 4', 'Slots 1 + 2 + 3 + 2 more']);
    expect(classLabel({ name: '<b>sky</b>', prototypes: [2] })).toBe('<b>sky</b>');
  });
  it('are removed by an empty name', () => {
    expect(renameClass(renameClass(NO_CLASSES, 3, 'road'), 3, '  ')).toEqual(NO_CLASSES);
  });
});

describe('merging and splitting', () => {
  it('keeps the first given name, and the first prototype for the color', () => {
    const named = renameClass(renameClass(NO_CLASSES, 6, 'sky'), 7, 'cloud');
    const merged = mergeClasses(named, [7, 2, 6]);
    expect(merged).toEqual([{ name: 'sky', prototypes: [2, 6, 7] }]);
    expect([...leadersOf(merged, COUNT)]).toEqual([0, 1, 2, 3, 4, 5, 2, 2, 8]);
    expect(listClasses(merged, COUNT).map(classLabel)).toEqual([
      ...['Slot 1', 'Slot 2', 'sky', 'Slot 4', 'Slot 5', 'Slot 6', 'Slot 9'],
    ]);
    expect(splitClass(merged, 7)).toEqual([{ name: 'sky', prototypes: [2] }]);
  });
  it('merges whole classes, whichever of their prototypes is given', () => {
    const merged = mergeClasses(mergeClasses(NO_CLASSES, [1, 4]), [4, 8]);
    expect(merged).toEqual([{ name: '', prototypes: [1, 4, 8] }]);
    expect(mergeClasses(merged, [])).toEqual(merged);
    expect(mergeClasses(NO_CLASSES, [5])).toEqual(NO_CLASSES);
  });
});

const prototype = fc.nat(COUNT - 1);
type Edit = (classes: PrototypeClasses) => PrototypeClasses;
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(prototype, fc.string()).map(
    ([at, name]): Edit =>
      (classes) =>
        renameClass(classes, at, name),
  ),
  fc.array(prototype, { maxLength: 4 }).map(
    (several): Edit =>
      (classes) =>
        mergeClasses(classes, several),
  ),
  prototype.map(
    (at): Edit =>
      (classes) =>
        splitClass(classes, at),
  ),
);

it('keeps a partition of all prototypes under random edits', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
      const classes = edits.reduce((before, change) => change(before), NO_CLASSES);
      const all = listClasses(classes, COUNT);
      const held = all.flatMap(({ prototypes }) => prototypes);
      expect(held.toSorted((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, index) => index));
      const leaders = leadersOf(classes, COUNT);
      for (const one of all) {
        expect(one.prototypes.length).toBeGreaterThan(0);
        for (const member of one.prototypes) {
          expect(leaders[member]).toBe(one.prototypes[0]);
          expect(classOf(classes, member)).toEqual(one);
        }
      }
      // Implicit classes are not stored, so one partition has one representation.
      expect(classes.every(({ name, prototypes }) => name !== '' || prototypes.length > 1)).toBe(true);
      expect(
        sameClasses(
          all.filter((one) => classes.includes(one)),
          classes,
        ),
      ).toBe(true);
    }),
    { seed: 1 },
  );
});
