import { defined } from '../../lib/defined.ts';
import { broadcastAccess, isSame } from './access.ts';
import { sizeOf } from '../../lib/shape.ts';
import { follow, type Access, type Value } from './graph.ts';

/** Where a kept value lies: element `start` of the memory of `base`. */
export interface Place {
  readonly base: Value;
  readonly start: number;
}

/** Which values lie in memory; the others are computed wherever they are needed. */
export interface Materialization {
  /** Kept values that something has to write, in the order of the trace. */
  readonly produced: readonly Value[];
  /** Undefined for values that aren't kept. */
  place(value: Value): Place | undefined;
}

/** More loads than this in one kernel are better shared through memory. */
const MAX_LOADS = 9;
/** What loads no more than this for each element is computed again for each kernel that needs it. */
const CHEAP_LOADS = 2;

/**
 * Decides what to keep. A map is kept where an element is needed that isn't at the consumer's own place (contractions,
 * parts of it, broadcasts), where its expression grows too large, and where several kernels would repeat much work.
 */
export function decideKeeping(outputs: readonly Value[], assigned: readonly Value[]): Materialization {
  const values = reachable([...outputs, ...assigned]);
  // What a variable is assigned is written straight into its memory and read from there.
  const homes = new Map<Value, Value>();
  for (const home of assigned) {
    if (home.origin.kind !== 'assigned') continue;
    const { base, whole } = follow(home.origin.value);
    if (whole && base.origin.kind === 'map' && !homes.has(base) && readsInPlace(base, home.origin.before)) {
      homes.set(base, home);
    }
  }
  const kept = new Set<Value>();
  const consumers = new Map<Value, Set<Value>>();
  for (const value of outputs) kept.add(follow(value).base);
  for (const consumer of values) {
    if (consumer.origin.kind === 'view') continue;
    for (const { value, local } of uses(consumer)) {
      const { base, whole } = follow(value);
      if (base.origin.kind !== 'map' || !local || !whole) kept.add(base);
      else consumers.set(base, (consumers.get(base) ?? new Set()).add(consumer));
    }
  }
  const isKept = (value: Value): boolean => value.origin.kind !== 'map' || kept.has(value) || homes.has(value);
  const loads = keepLarge(values, isKept, (value) => kept.add(value));
  keepShared(values, consumers, isKept, loads, (value) => kept.add(value));
  return {
    produced: values.filter((value) => isProduced(value) && isKept(value) && !homes.has(value)),
    place: (value) => {
      const { base, start } = follow(value);
      return isKept(base) ? { base: homes.get(base) ?? base, start } : undefined;
    },
  };
}

const isProduced = ({ origin: { kind } }: Value): boolean =>
  kind === 'map' || kind === 'reduction' || kind === 'call' || kind === 'assigned';

interface Use {
  readonly value: Value;
  /** Each element is needed at its own place only, or there is just one. */
  readonly local: boolean;
}

function uses({ origin, shape }: Value): Use[] {
  const isLocal = (value: Value, access: Access): boolean => sizeOf(value.shape) === 1 || isSame(access);
  switch (origin.kind) {
    case 'map':
      return origin.map.operands.flatMap((operand) => {
        if ('immediate' in operand) return [];
        const { value, access = broadcastAccess(value.shape, shape) } = operand;
        return [{ value, local: isLocal(value, access) }];
      });
    case 'reduction': {
      const further = origin.reduction.finishOperands.flatMap((operand) => ('value' in operand ? [operand.value] : []));
      return [
        ...origin.reduction.inputs.map((value) => ({ value, local: true })),
        ...further.map((value) => ({ value, local: sizeOf(value.shape) === 1 })),
      ];
    }
    case 'call':
      return origin.call.inputs.map((value) => ({ value, local: false }));
    case 'view':
      return [{ value: origin.of, local: true }];
    case 'assigned':
      return [{ value: origin.value, local: true }];
    case 'input':
    case 'constant':
    case 'variable':
      return [];
  }
}

/** Everything the roots need, by id. */
function reachable(roots: readonly Value[]): Value[] {
  const seen = new Set<Value>();
  const open = [...roots];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const use of uses(value)) open.push(use.value);
    // All outputs of a kernel are written, wanted or not.
    if (value.origin.kind === 'call') open.push(...value.origin.call.outputs);
    if (value.origin.kind === 'reduction') open.push(...value.origin.reduction.outputs);
    if (value.origin.kind === 'assigned') open.push(value.origin.before);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Whether a map that replaces `before` reads it, if at all, only at the element it writes. */
function readsInPlace(map: Value, before: Value, seen = new Set<Value>()): boolean {
  if (seen.has(map)) return true;
  seen.add(map);
  return uses(map).every(({ value, local }) => {
    const { base, whole } = follow(value);
    if (base === before) return local && whole;
    return base.origin.kind !== 'map' || readsInPlace(base, before, seen);
  });
}

/** Keeps maps whose expressions load too much; tells what the others load. */
function keepLarge(
  values: readonly Value[],
  isKept: (value: Value) => boolean,
  keep: (value: Value) => void,
): ReadonlyMap<Value, ReadonlySet<Value>> {
  const loads = new Map<Value, Set<Value>>();
  for (const value of values) {
    if (value.origin.kind !== 'map') continue;
    const own = new Set<Value>();
    for (const use of uses(value)) {
      const { base } = follow(use.value);
      if (isKept(base)) own.add(base);
      else for (const load of defined(loads.get(base), 'earlier map')) own.add(load);
    }
    loads.set(value, own);
    if (own.size > MAX_LOADS && sizeOf(value.shape) > 1) keep(value);
  }
  return loads;
}

/** Keeps maps that several kernels would compute at some cost. */
function keepShared(
  values: readonly Value[],
  consumers: ReadonlyMap<Value, ReadonlySet<Value>>,
  isKept: (value: Value) => boolean,
  loads: ReadonlyMap<Value, ReadonlySet<Value>>,
  keep: (value: Value) => void,
): void {
  const kernels = new Map<Value, ReadonlySet<unknown>>();
  for (const value of values.toReversed()) {
    const { origin } = value;
    if (origin.kind !== 'map') continue;
    if (isKept(value)) {
      kernels.set(value, new Set([value]));
      continue;
    }
    const own = new Set<unknown>();
    for (const consumer of consumers.get(value) ?? []) {
      if (consumer.origin.kind === 'map')
        for (const kernel of defined(kernels.get(consumer), 'consumer')) own.add(kernel);
      else own.add(consumer.origin.kind === 'reduction' ? consumer.origin.reduction : consumer);
    }
    const size = sizeOf(value.shape);
    // What is smaller is broadcast, and read once for many elements.
    const whole = [...defined(loads.get(value), 'map')].filter((load) => sizeOf(load.shape) >= size);
    const costly = isHeavy(value, isKept) || whole.length > CHEAP_LOADS;
    if (own.size > 1 && costly && size > 1) {
      keep(value);
      kernels.set(value, new Set([value]));
    } else {
      kernels.set(value, own);
    }
  }
}

/** Whether something slow is computed on the way from memory to a value. */
function isHeavy({ origin }: Value, isKept: (value: Value) => boolean): boolean {
  if (origin.kind !== 'map') return false;
  return (
    origin.map.heavy ||
    origin.map.operands.some((operand) => {
      if (!('value' in operand)) return false;
      const { base } = follow(operand.value);
      return !isKept(base) && isHeavy(base, isKept);
    })
  );
}
