import { defined } from '../../lib/defined.ts';
import { sizeOf } from '../../lib/shape.ts';
import { broadcastAccess, isSame, SAME } from './access.ts';
import { follow, type Access, type Operand, type Value } from './graph.ts';

/** Memory of a materialized value: from element `start` of the memory of `base` on. */
export interface Place {
  readonly base: Value;
  readonly start: number;
}

/** Choice of the values that are stored in memory; the others are computed inside every kernel that needs them. */
export interface Materialization {
  /** Materialized values that a dispatch has to write, in the order of the trace. */
  readonly produced: readonly Value[];
  /** Undefined for values that aren't materialized. */
  place(value: Value): Place | undefined;
}

/** A map that loads more values than this is materialized. */
const MAX_LOADS = 12;
/** A map that loads no more values than this per element is recomputed wherever it is needed. */
const CHEAP_LOADS = 2;

/**
 * Chooses the values to materialize. A map is materialized for contractions and other kernels that read memory, if its
 * expression grows too large, if several kernels would repeat much work, or if a consumer would repeat some for an
 * element at another position than its own (slices, broadcasts).
 */
export function chooseMaterialized(outputs: readonly Value[], assigned: readonly Value[]): Materialization {
  const values = reachable([...outputs, ...assigned]);
  // A value that is assigned to a variable is written straight into the memory of the variable and read from there.
  const aliases = new Map<Value, Value>();
  for (const target of assigned) {
    if (target.origin.kind !== 'assigned') continue;
    const { base, whole } = follow(target.origin.value);
    if (whole && base.origin.kind === 'map' && !aliases.has(base) && readsInPlace(base, target.origin.before)) {
      aliases.set(base, target);
    }
  }
  const materialized = new Set<Value>();
  const consumers = new Map<Value, Set<Value>>();
  for (const value of outputs) materialized.add(follow(value).base);
  for (const consumer of values) {
    if (consumer.origin.kind === 'view') continue;
    for (const use of uses(consumer)) {
      const { base } = follow(use.value);
      if (base.origin.kind !== 'map' || use.at === 'memory') materialized.add(base);
      else consumers.set(base, (consumers.get(base) ?? new Set()).add(consumer));
    }
  }
  const isMaterialized = (value: Value): boolean =>
    value.origin.kind !== 'map' || materialized.has(value) || aliases.has(value);
  const loads = materializeLarge(values, isMaterialized, (value) => materialized.add(value));
  materializeShared(values, consumers, isMaterialized, loads, (value) => materialized.add(value));
  return {
    produced: values.filter((value) => isProduced(value) && isMaterialized(value) && !aliases.has(value)),
    place: (value) => {
      const { base, start } = follow(value);
      return isMaterialized(base) ? { base: aliases.get(base) ?? base, start } : undefined;
    },
  };
}

const isProduced = ({ origin: { kind } }: Value): boolean =>
  kind === 'map' || kind === 'reduction' || kind === 'call' || kind === 'assigned';

interface Use {
  readonly value: Value;
  /**
   * Where the value is needed: at the position of the element that is computed (or there is only one), at another, or in
   * memory.
   */
  readonly at: 'own' | 'other' | 'memory';
}

function uses({ origin, shape }: Value): Use[] {
  const use = (value: Value, access: Access): Use => {
    const { base, whole } = follow(value);
    if (sizeOf(base.shape) === 1 || (whole && isSame(access))) return { value, at: 'own' };
    return { value, at: access.window ? 'memory' : 'other' };
  };
  const ofOperands = (operands: readonly Operand[], to: readonly number[]): Use[] =>
    operands.flatMap((operand) => {
      if ('immediate' in operand) return [];
      return [use(operand.value, operand.access ?? broadcastAccess(operand.value.shape, to))];
    });
  switch (origin.kind) {
    case 'map':
      return ofOperands(origin.map.operands, shape);
    case 'reduction': {
      const { inputs, finishOperands, outer, inner } = origin.reduction;
      return [...inputs.map((value) => use(value, SAME)), ...ofOperands(finishOperands, [outer, inner])];
    }
    case 'call':
      return origin.call.inputs.map((value) => ({ value, at: 'memory' }));
    case 'view':
      return [use(origin.of, SAME)];
    case 'assigned':
      return [use(origin.value, SAME)];
    case 'input':
    case 'constant':
    case 'variable':
      return [];
  }
}

/** Returns all values that the roots depend on, by id. */
function reachable(roots: readonly Value[]): Value[] {
  const seen = new Set<Value>();
  const open = [...roots];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    for (const use of uses(value)) open.push(use.value);
    // A kernel writes all of its outputs, used or not.
    if (value.origin.kind === 'call') open.push(...value.origin.call.outputs);
    if (value.origin.kind === 'reduction') open.push(...value.origin.reduction.outputs);
    if (value.origin.kind === 'assigned') open.push(value.origin.before);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Whether a map that replaces `before` reads it only at the element it writes, if at all. */
function readsInPlace(map: Value, before: Value, seen = new Set<Value>()): boolean {
  if (seen.has(map)) return true;
  seen.add(map);
  return uses(map).every(({ value, at }) => {
    const { base, whole } = follow(value);
    if (base === before) return at === 'own' && whole;
    if (base.origin.kind !== 'map') return true;
    return at === 'own' ? readsInPlace(base, before, seen) : !readsAnywhere(base, before);
  });
}

/** Whether a map would read `before` if it were computed in another kernel. */
function readsAnywhere(map: Value, before: Value): boolean {
  return uses(map).some(({ value }) => {
    const { base } = follow(value);
    return base === before || (base.origin.kind === 'map' && readsAnywhere(base, before));
  });
}

/**
 * Materializes maps whose expressions load too many values, and those that aren't cheap where they are needed at other
 * positions. Returns the values that each map loads.
 */
function materializeLarge(
  values: readonly Value[],
  isMaterialized: (value: Value) => boolean,
  materialize: (value: Value) => void,
): ReadonlyMap<Value, ReadonlySet<Value>> {
  const loads = new Map<Value, Set<Value>>();
  for (const value of values) {
    for (const { value: used, at } of uses(value)) {
      const { base } = follow(used);
      if (at !== 'other' || isMaterialized(base)) continue;
      const cheap = defined(loads.get(base), 'earlier map').size <= CHEAP_LOADS && !isHeavy(base, isMaterialized);
      if (!cheap) materialize(base);
    }
    if (value.origin.kind !== 'map') continue;
    const own = new Set<Value>();
    for (const use of uses(value)) {
      const { base } = follow(use.value);
      if (isMaterialized(base)) own.add(base);
      else for (const load of defined(loads.get(base), 'earlier map')) own.add(load);
    }
    loads.set(value, own);
    if (own.size > MAX_LOADS && sizeOf(value.shape) > 1) materialize(value);
  }
  return loads;
}

/** Materializes maps that several kernels would recompute at some cost. */
function materializeShared(
  values: readonly Value[],
  consumers: ReadonlyMap<Value, ReadonlySet<Value>>,
  isMaterialized: (value: Value) => boolean,
  loads: ReadonlyMap<Value, ReadonlySet<Value>>,
  materialize: (value: Value) => void,
): void {
  const kernels = new Map<Value, ReadonlySet<unknown>>();
  for (const value of values.toReversed()) {
    const { origin } = value;
    if (origin.kind !== 'map') continue;
    if (isMaterialized(value)) {
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
    // Smaller values are broadcast: one read serves many elements.
    const whole = [...defined(loads.get(value), 'map')].filter((load) => sizeOf(load.shape) >= size);
    const costly = isHeavy(value, isMaterialized) || whole.length > CHEAP_LOADS;
    if (own.size > 1 && costly && size > 1) {
      materialize(value);
      kernels.set(value, new Set([value]));
    } else {
      kernels.set(value, own);
    }
  }
}

/** Whether computing a value from memory takes a slow operation. */
function isHeavy({ origin }: Value, isMaterialized: (value: Value) => boolean): boolean {
  if (origin.kind !== 'map') return false;
  return (
    origin.map.heavy ||
    origin.map.operands.some((operand) => {
      if (!('value' in operand)) return false;
      const { base } = follow(operand.value);
      return !isMaterialized(base) && isHeavy(base, isMaterialized);
    })
  );
}
