import { describe, expect, it } from 'vitest';
import { problemOf } from '../testing/problemOf.ts';
import { parseSetting } from './parse.ts';

describe('parseSetting', () => {
  it.each([
    ['batchSize', '32', 32],
    ['width', ' .25 ', 0.25],
    ['width', '0,25', 0.25],
    ['width', ',5', 0.5],
    ['width', '1.125', 1.125],
    ['weightDecay', '1e-5', 1e-5],
    ['weightDecay', '1,5e-5', 1.5e-5],
    ['steps', '12000', 12000],
    ['steps', '3e2', 300],
    ['optimizer', 'sgd', 'sgd'],
    ['scaleLearningRate', 'false', false],
  ])('%s=%s', (name, text, value) => {
    expect(parseSetting(name, text)).toEqual({ name, value });
  });

  it.each([
    ['batchsize', '1', 'config/unknown', 'Did you mean "batchSize"?'],
    ['--base-lr', '1', 'config/unknown', 'Did you mean "baseLearningRate"?'],
    ['num-prototypes', '1', 'config/unknown', 'Did you mean "prototypes"?'],
    ['quaternion', '1', 'config/unknown', 'Known are: steps, epochs'],
    ['toString', '1', 'config/unknown', 'no setting "toString"'],
    ['batchSize', '', 'config/type', '"Batch size" (batchSize) is ""'],
    ['batchSize', '1.5', 'config/type', 'whole number'],
    ['batchSize', '0x10', 'config/type', 'whole number'],
    ['width', 'NaN', 'config/type', 'a number from 0.015625 to 4'],
    ['width', '1,5,2', 'config/type', 'a number'],
    ['width', '1,125', 'config/type', 'is "1,125", which may mean 1125 or 1.125: write one of the two.'],
    ['steps', '1,000', 'config/type', '"Steps" (steps) is "1,000", with thousands separators: write 1000.'],
    ['steps', '1.000', 'config/type', 'write 1000.'],
    ['steps', '12 000', 'config/type', 'write 12000.'],
    ['steps', '1_000_000', 'config/type', 'write 1000000.'],
    ['width', "1'234.5", 'config/type', 'write 1234.5.'],
    ['width', '1.234,5', 'config/type', 'write 1234.5.'],
    ['steps', '0,5', 'config/type', 'whole number'],
    ['scaleLearningRate', 'yes', 'config/type', 'true or false'],
    ['batchSize', '0', 'config/range', 'is 0, but must be a whole number from 1 to 4096 (images)'],
    ['teacherMomentum', '1.01', 'config/range', '0 to 1'],
    ['width', '1e999', 'config/range', '0.015625 to 4'],
    ['optimizer', 'adam', 'config/range', 'is "adam", but must be lars, sgd or adamw'],
  ])('refuses %s=%s', (name, text, code, words) => {
    const found = problemOf(() => parseSetting(name, text));
    expect(found).toContain(`${code} `);
    expect(found).toContain(words);
  });
});
