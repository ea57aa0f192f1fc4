import { fakeHealth } from '../../testing/fakeRun.ts';
import { expect, it } from 'vitest';
import { leadersOf } from '../../domain/classes.ts';
import { stripOverlay } from '../../testing/overlays.ts';
import { rankClasses } from './rankClasses.ts';

const overlays = [stripOverlay(0, [0, 1, 3, 3]), stripOverlay(1, [1, 1, 1, 1])];
const merged = leadersOf([{ name: 'sky', prototypes: [0, 3] }], 4);

it('adds up what the prototypes of a class hold, and counts an image once', () => {
  const usage = [0.3, 0.4, 0.1, 0.2];
  expect(rankClasses({ step: 1, overlays, usage, health: fakeHealth(1) }, merged)).toEqual([
    { prototype: 0, usage: 0.5, images: 1 },
    { prototype: 1, usage: 0.4, images: 2 },
    { prototype: 2, usage: 0.1, images: 0 },
  ]);
});

it('goes by the watched pixels where no usage is known', () => {
  const ranked = rankClasses({ step: 0, overlays, usage: [], health: fakeHealth(1) }, merged);
  expect(ranked.map(({ prototype, usage }) => [prototype, usage])).toEqual([
    [1, 5 / 8],
    [0, 3 / 8],
    [2, 0],
  ]);
});
