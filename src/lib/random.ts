/**
 * Seeded random generator, passed as an argument. A pure function of its key: `fork('crop/0/17')` returns the same stream
 * wherever it is called, so the state of a run holds no generator, only its seed and position.
 */
export interface Random {
  /** Uniform in [0, 1), with 32 random bits. */
  next(): number;
  /** Uniform in [low, high). */
  uniform(low: number, high: number): number;
  /** Uniform integer in [0, count). */
  integer(count: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** 0…count−1 in random order (Fisher–Yates). */
  permutation(count: number): number[];
  /** Independent generator for a purpose, e.g. `crop/<epoch>/<index>`. Doesn't advance this one. */
  fork(purpose: string): Random;
}

/** A generator for a seed; the same seed gives the same stream on every machine. */
export function createRandom(seed: number | string): Random {
  return fromKey(String(seed));
}

function fromKey(key: string): Random {
  const next = sfc32(key);
  const uniform = (low: number, high: number): number => low + (high - low) * next();
  const integer = (count: number): number => Math.floor(next() * count);
  return {
    next,
    uniform,
    integer,
    chance: (probability) => next() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    permutation: (count) => {
      const order = Array.from({ length: count }, (_, index) => index);
      for (let last = count - 1; last > 0; last--) {
        const other = integer(last + 1);
        [order[last], order[other]] = [order[other], order[last]];
      }
      return order;
    },
    fork: (purpose) => fromKey(`${key}/${purpose}`),
  };
}

/** Chris Doty-Humphrey's small fast counter (public domain), its state filled from a string by four FNV-1a hashes. */
function sfc32(key: string): () => number {
  let [a, b, c, counter] = [0, 1, 2, 3].map((salt) => fnv1a(`${salt}:${key}`)) as [number, number, number, number];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** 32-bit FNV-1a over UTF-16 code units. Also used to fingerprint data sets. */
export function fnv1a(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
