/** One side of a comparison: does its work `times` times and resolves when the device has done it. */
export type Contender = (times: number) => Promise<void>;

/** Milliseconds that a turn should take: long against a clock's and a queue's grain, short against a machine's moods. */
const TURN_MS = 40;
const MOST_TIMES = 200;
/** Work that takes long isn't tried more often than it must be. */
const WARM_UP_MS = 500;

/**
 * Milliseconds of one piece of work, one for each round and contender. A round gives every contender a turn, each round
 * another one the first. Contenders run a few times beforehand, so that none is timed while it compiles.
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
      const started = clock();
      await contenders[name](times[name]);
      results[name].push((clock() - started) / times[name]);
    }
  }
  return results;
}

/** How often the work fits a turn. */
async function warmUp(contender: Contender, clock: () => number): Promise<number> {
  const begun = clock();
  let once = Infinity;
  // The first attempt may compile.
  for (let attempt = 0; attempt < 2 || (attempt < 5 && clock() - begun < WARM_UP_MS); attempt++) {
    const started = clock();
    await contender(1);
    once = Math.min(once, clock() - started);
  }
  return Math.min(MOST_TIMES, Math.max(1, Math.round(TURN_MS / Math.max(once, 1e-3))));
}

/** The same order, begun at another place. */
export function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
