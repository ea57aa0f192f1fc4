import { describe, expect, it } from 'vitest';
import { createFrameQueue } from './frameQueue.ts';

describe('createFrameQueue', () => {
  it('spreads work that takes longer than the budget over frames, in order', () => {
    let time = 0;
    const waiting: (() => void)[] = [];
    const queue = createFrameQueue(
      (callback) => waiting.push(callback),
      () => time,
      8,
    );
    const done: number[] = [];
    for (let at = 0; at < 5; at++) {
      queue.add({ at }, () => {
        time += 5;
        done.push(at);
      });
    }
    const frames: number[][] = [];
    for (let frame = waiting.shift(); frame; frame = waiting.shift()) {
      frame();
      frames.push(done.splice(0));
    }
    expect(frames).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('calls a task that has more to do again, before those behind it', () => {
    let time = 0;
    const waiting: (() => void)[] = [];
    const queue = createFrameQueue(
      (callback) => waiting.push(callback),
      () => time,
      8,
    );
    const done: string[] = [];
    let bands = 0;
    queue.add({}, () => {
      time += 5;
      done.push(`band ${++bands}`);
      return bands < 3;
    });
    queue.add({}, () => done.push('other'));
    const frames: string[][] = [];
    for (let frame = waiting.shift(); frame; frame = waiting.shift()) {
      frame();
      frames.push(done.splice(0));
    }
    expect(frames).toEqual([
      ['band 1', 'band 2'],
      ['band 3', 'other'],
    ]);
  });

  it('runs only the newest task of a key, and none that was removed', () => {
    const waiting: (() => void)[] = [];
    const queue = createFrameQueue(
      (callback) => waiting.push(callback),
      () => 0,
    );
    const [key, other] = [{}, {}];
    const done: string[] = [];
    queue.add(key, () => done.push('old'));
    queue.add(key, () => done.push('new'));
    queue.add(other, () => done.push('removed'));
    queue.remove(other);
    expect(waiting).toHaveLength(1);
    waiting[0]?.();
    expect(done).toEqual(['new']);
  });
});
