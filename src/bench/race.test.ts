import { describe, expect, it } from 'vitest';
import { race, rotated, type Contender } from './race.ts';

/** A clock that only contenders move. */
function simulate(costs: Readonly<Record<string, (times: number, call: number) => number>>) {
  let now = 0;
  const calls: string[] = [];
  const contenders = Object.fromEntries(
    Object.entries(costs).map(([name, cost]): [string, Contender] => {
      let call = 0;
      return [
        name,
        async (times) => {
          calls.push(`${name}×${times}`);
          now += cost(times, call++);
        },
      ];
    }),
  );
  return { contenders, calls, clock: () => now };
}

describe('a race', () => {
  it('returns the time per piece of work, without compilation', async () => {
    const compiling = (each: number) => (times: number, call: number) => times * each + (call === 0 ? 1000 : 0);
    const { contenders, clock } = simulate({ ours: compiling(2), peer: compiling(300) });
    expect(await race(contenders, 3, clock)).toEqual({ ours: [2, 2, 2], peer: [300, 300, 300] });
  });

  it('repeats short work to fill a turn, but within bounds, and long work not at all', async () => {
    const { contenders, calls, clock } = simulate({
      instant: () => 0,
      short: (times) => 4 * times,
      long: (times) => 5000 * times,
    });
    await race(contenders, 1, clock);
    expect(calls.slice(-6)).toEqual(['instant×1', 'instant×200', 'short×1', 'short×10', 'long×1', 'long×1']);
    expect(calls.filter((call) => call.startsWith('long'))).toHaveLength(4);
  });

  it('gives every contender a turn in each round, each round starting with another', async () => {
    const { contenders, calls, clock } = simulate({ a: (times) => 40 * times, b: (times) => 40 * times });
    await race(contenders, 3, clock);
    expect(
      calls
        .slice(-12)
        .map((call) => call[0])
        .join(''),
    ).toBe('aabbbbaaaabb');
  });

  it('counts nothing that work after another contender takes longer', async () => {
    let last = '';
    const cold = (name: string) => (times: number) => {
      const extra = last === name ? 0 : 500;
      last = name;
      return times * 40 + extra;
    };
    const { contenders, clock } = simulate({ a: cold('a'), b: cold('b') });
    expect(await race(contenders, 2, clock)).toEqual({ a: [40, 40], b: [40, 40] });
  });

  it('stops at the error of a contender', async () => {
    const failing = { ours: () => Promise.reject(new Error('lost')) };
    await expect(race(failing, 1, () => 0)).rejects.toThrow('lost');
  });
});

it('rotates beyond the length', () => {
  expect(rotated(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a']);
});
