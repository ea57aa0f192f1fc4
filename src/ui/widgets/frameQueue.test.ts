import { describe, expect, it } from 'vitest';
import { createFrameQueue } from './frameQueue.ts';

/** A queue with a budget of 8 ms, whose frames and time are given by hand. */
function queueByHand() {
  let time = 0;
  const waiting: (() => void)[] = [];
  const queue = createFrameQueue(
    (callback) => waiting.push(callback),
    () => time,
    8,
  );
  const done: string[] = [];
  /** What a task does in so many ms. */
  const work = (name: string, ms: number): void => {
    time += ms;
    done.push(name);
  };
  /** Names of what is done in each of the frames that are requested. */
  const runFrames = (): string[][] => {
    const frames: string[][] = [];
    for (let frame = waiting.shift(); frame; frame = waiting.shift()) {
      frame();
      frames.push(done.splice(0));
    }
    return frames;
  };
  return { queue, waiting, work, runFrames };
}

describe('createFrameQueue', () => {
  it('spreads work that takes longer than the budget over frames, in order', () => {
    const { queue, work, runFrames } = queueByHand();
    for (const name of ['a', 'b', 'c', 'd', 'e']) queue.add({}, () => work(name, 5));
    expect(runFrames()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('calls a task that has more to do again, before those behind it', () => {
    const { queue, work, runFrames } = queueByHand();
    let bands = 0;
    queue.add({}, () => {
      work(`band ${++bands}`, 5);
      return bands < 3;
    });
    queue.add({}, () => work('other', 0));
    expect(runFrames()).toEqual([
      ['band 1', 'band 2'],
      ['band 3', 'other'],
    ]);
  });

  it('runs only the newest task of a key, and none that was removed', () => {
    const { queue, waiting, work, runFrames } = queueByHand();
    const [key, other] = [{}, {}];
    queue.add(key, () => work('old', 0));
    queue.add(key, () => work('new', 0));
    queue.add(other, () => work('removed', 0));
    queue.remove(other);
    expect(waiting).toHaveLength(1);
    expect(runFrames()).toEqual([['new']]);
  });
});
