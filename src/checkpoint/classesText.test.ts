import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeClasses, NO_CLASSES, renameClass } from '../domain/classes.ts';
import { problemOf } from '../testing/problemOf.ts';
import { classesFromText, classesToText } from './classesText.ts';

const COUNT = 6;

it('round-trips for any names', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.uniqueArray(fc.nat(COUNT - 1)), (name, merged) => {
      const classes = renameClass(mergeClasses(NO_CLASSES, merged), 3, name);
      expect(classesFromText(classesToText(classes), COUNT)).toEqual(classes);
    }),
    { seed: 1 },
  );
});

it('normalizes foreign input', () => {
  const text =
    '[{"prototypes":[5,1],"name":" a\\nb ","more":1},{"name":"","prototypes":[4]},{"name":"c","prototypes":[0]}]';
  expect(classesFromText(text, COUNT)).toEqual([
    { name: 'c', prototypes: [0] },
    { name: 'a b', prototypes: [1, 5] },
  ]);
});

describe('refuses', () => {
  const one = (entry: unknown): string => JSON.stringify([entry]);
  it.each<[string, string, RegExp]>([
    ['no JSON', '[{\n', /not valid JSON/],
    ['no list', '{"name":"sky"}', /not a list/],
    ['far too long', `["${'a'.repeat(2_000_000)}"]`, /2000004 characters/],
    ['null for a class', '[null]', /no name.*entry 1/],
    ['no name', one({ prototypes: [1] }), /no name of at most 80 characters in entry 1/],
    ['a long name', one({ name: 'a'.repeat(81), prototypes: [1] }), /no name of at most 80/],
    ['no prototypes', one({ name: 'sky' }), /no prototypes between 0 and 5 in entry 1/],
    ['an empty class', one({ name: 'sky', prototypes: [] }), /no prototypes between 0 and 5/],
    ['a prototype beyond the last', one({ name: 'sky', prototypes: [6] }), /no prototypes between 0 and 5/],
    ['a prototype that is a text', one({ name: 'sky', prototypes: ['1'] }), /no prototypes between 0 and 5/],
    ['a prototype in a class twice', one({ name: 'sky', prototypes: [1, 1] }), /names prototype 1 twice/],
    [
      'a prototype in two classes',
      JSON.stringify([
        { name: 'a', prototypes: [0, 1] },
        { name: 'b', prototypes: [1] },
      ]),
      /names prototype 1 twice/,
    ],
  ])('%s', (_, text, message) => {
    const problem = problemOf(() => classesFromText(text, COUNT));
    expect(problem).toMatch(/^checkpoint\/metadata .*"classes"/);
    expect(problem).toMatch(message);
    expect(problem).not.toContain('\n');
  });
});
