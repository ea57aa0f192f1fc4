/** One side of a comparison: does its work `times` times and resolves when the device has done it. */
export type Contender = (times: number) => Promise<void>;

/**
 * Milliseconds that a turn should take: long compared with the resolution of clock and queue, short compared with
 * changes in the machine's load.
 */
const TURN_MS = 40;
const MAX_TIMES = 200;
/** Budget of the warm-up: long work is tried no more often than necessary. */
const WARM_UP_MS = 500;

/**
 * Milliseconds of one piece of work, one for each round and contender. Every contender has a turn per round, and
 * each round starts with another. Contenders run a few times beforehand, so that none is timed while it compiles, and once
 * more at the beginning of each turn: what the one before left in the queues and the caches is not their work.
 */
export async function race<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rounds: number,
  clock: () => number,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const times = {} as Record<Name, number>;
  const results = {} as Record<Name, number[]>;
  for (const name of names) {
    times[name] = await warmUp(contenders[name], clock);
    results[name] = [];
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      await contenders[name](1);
      const started = clock();
      await contenders[name](times[name]);
      results[name].push((clock() - started) / times[name]);
    }
  }
  return results;
}

/** Number of repetitions that fill a turn. */
async function warmUp(contender: Contender, clock: () => number): Promise<number> {
  const begun = clock();
  let once = Infinity;
  // The first attempt may compile.
  for (let attempt = 0; attempt < 2 || (attempt < 5 && clock() - begun < WARM_UP_MS); attempt++) {
    const started = clock();
    await contender(1);
    once = Math.min(once, clock() - started);
  }
  return Math.min(MAX_TIMES, Math.max(1, Math.round(TURN_MS / Math.max(once, 1e-3))));
}

/** Rotates a list to begin at index `by`. */
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
