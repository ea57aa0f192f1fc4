import { expect, it } from 'vitest';
import type { DisplayCopy } from '../../worker/decode/displayMessages.ts';
import { createDisplayCopies, type DisplayImage } from './displayCopies.ts';

/** Bytes of a copy of 256 × 256 pixels. */
const SMALL = 4 * 256 * 256;

/** Images whose copies are made by hand, in the order in which they were begun. */
function setUp(budgetBytes = 100 * SMALL, concurrency = 1) {
  const begun: { name: string; longer: number; finish(copy: DisplayCopy | undefined): void }[] = [];
  const closed: string[] = [];
  const copies = createDisplayCopies(budgetBytes, concurrency);
  const image = (name: string): DisplayImage => ({
    key: name,
    load: (longer) => new Promise((finish) => begun.push({ name, longer, finish })),
  });
  /** Finishes what is being made, as squares of a file with sides of `fileSide` pixels. */
  const finish = async (fileSide = 4000): Promise<void> => {
    const { name, longer, finish: resolve } = begun[begun.length - 1];
    const side = Math.min(longer, fileSide);
    const close = (): void => void closed.push(`${name} ${longer}`);
    resolve({ bitmap: { width: side, height: side, close }, isFull: fileSide <= longer });
    await settled();
  };
  const want = (name: string, side: number) => {
    const seen: (number | undefined)[] = [];
    const shown = image(name);
    const release = copies.want(shown, side, () => seen.push(copies.get(shown, side)?.width));
    return { seen, release, width: () => copies.get(shown, side)?.width };
  };
  return { copies, want, finish, begun: () => begun.map(({ name, longer }) => `${name} ${longer}`), closed, last: () => begun[begun.length - 1] }; // oxfmt-ignore
}
/** Lets settled promises run their callbacks. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('makes one copy for places of the same size; another size stands in until its own is made', async () => {
  const { want, finish, begun } = setUp();
  const [one, other] = [want('a', 200), want('a', 199.5)];
  await settled();
  expect(one.width()).toBeUndefined();
  await finish();
  expect([one.seen, other.seen, begun()]).toEqual([[200], [200], ['a 200']]);
  const [smaller, larger, zoomed] = [want('a', 90), want('a', 1000), want('a', 2000)];
  await settled();
  expect([smaller.width(), larger.width()]).toEqual([undefined, 200]);
  for (let made = 0; made < 3; made++) await finish();
  expect([smaller.width(), larger.width(), zoomed.width()]).toEqual([90, 1000, 2000]);
  expect(begun()).toEqual(['a 200', 'a 90', 'a 1000', 'a 2000']);
});

it('asks for no more than the file has', async () => {
  const { want, finish, begun } = setUp();
  want('a', 1000);
  await settled();
  await finish(300);
  const [exact, zoomed] = [want('a', 301), want('a', 4000)];
  await settled();
  expect([exact.width(), zoomed.width(), begun()]).toEqual([300, 300, ['a 1000']]);
});

it('makes what has come to the screen last first, and nothing that has left it', async () => {
  const { want, finish, begun } = setUp();
  const early = ['a', 'b', 'c'].map((name) => want(name, 100));
  await settled();
  for (const name of ['d', 'e']) want(name, 100);
  await settled();
  early[1].release();
  for (let made = 0; made < 4; made++) await finish();
  expect(begun()).toEqual(['a 100', 'd 100', 'e 100', 'c 100']);
});

it('makes only so many at a time', async () => {
  const { want, begun, finish } = setUp(100 * SMALL, 2);
  for (const name of ['a', 'b', 'c']) want(name, 100);
  await settled();
  expect(begun()).toEqual(['a 100', 'b 100']);
  await finish();
  expect(begun()).toEqual(['a 100', 'b 100', 'c 100']);
});

it('stays within its budget: closes what was used least recently and is not on the screen', async () => {
  const { copies, want, finish, closed } = setUp(3 * SMALL);
  for (const name of ['a', 'b', 'c']) {
    const { release, width } = want(name, 256);
    await settled();
    await finish();
    expect(width()).toBe(256);
    if (name !== 'a') release();
  }
  expect(copies.bytes()).toBe(3 * SMALL);
  want('d', 256);
  await settled();
  await finish();
  expect([copies.bytes(), closed]).toEqual([3 * SMALL, ['b 256']]);
});

it('stays within its budget where more is on the screen than it allows, and does not begin again', async () => {
  const { copies, want, finish, closed, begun } = setUp(2 * SMALL);
  const shown = ['a', 'b', 'c'].map((name) => want(name, 256));
  await settled();
  for (let made = 0; made < 3; made++) await finish();
  expect([copies.bytes(), closed, shown[0].seen]).toEqual([2 * SMALL, ['a 256'], [256, undefined]]);
  expect(begun()).toEqual(['a 256', 'b 256', 'c 256']);
  shown[0].release();
  want('a', 256);
  await settled();
  expect(begun().at(-1)).toBe('a 256');
});

it('leaves an image alone whose file can’t be read any more', async () => {
  const { want, last, begun } = setUp();
  const gone = want('gone', 100);
  await settled();
  last().finish(undefined);
  await settled();
  want('gone', 1000);
  want('b', 100);
  await settled();
  expect([gone.width(), begun()]).toEqual([undefined, ['gone 100', 'b 100']]);
});
