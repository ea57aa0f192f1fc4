/**
 * Sets of regions as ascending rows. Plain loops: a function called for each of a hundred thousand, or a `Set` of them, keeps the
 * page waiting.
 */

export type SetChange = 'replace' | 'add' | 'toggle';

/** `toggle` takes the regions away if all of them were there, else adds them. */
export function changedSet(set: Uint32Array, by: Uint32Array | readonly number[], change: SetChange): Uint32Array {
  const changed = setOf(by);
  if (change === 'replace') return changed;
  if (change === 'toggle' && changed.length > 0 && changed.every((region) => hasRegion(set, region))) {
    return set.filter((region) => !hasRegion(changed, region));
  }
  if (set.length === 0) return changed;
  const both = new Uint32Array(set.length + changed.length);
  both.set(set);
  both.set(changed, set.length);
  return setOf(both);
}

function setOf(regions: Uint32Array | readonly number[]): Uint32Array {
  const sorted = new Uint32Array(regions).sort();
  let count = 0;
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[count - 1]) sorted[count++] = sorted[at];
  }
  return sorted.subarray(0, count);
}

/** Photographs of a set, ascending. `image`: that of each region, ascending. */
export function photographsWith(set: Uint32Array, image: Uint32Array): Uint32Array {
  const found = new Uint32Array(set.length);
  let count = 0;
  for (let at = 0; at < set.length; at++) {
    const one = image[set[at]];
    if (count === 0 || one !== found[count - 1]) found[count++] = one;
  }
  return found.subarray(0, count);
}

/** True if the set has a region. */
export function hasRegion(set: Uint32Array, region: number): boolean {
  let [from, to] = [0, set.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (set[middle] < region) from = middle + 1;
    else to = middle;
  }
  return set[from] === region;
}
