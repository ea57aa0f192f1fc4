/** Sets of regions as ascending rows. */

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

/** Without a `Set`, which is ten times slower for a hundred thousand. */
function setOf(regions: Uint32Array | readonly number[]): Uint32Array {
  return withoutRepeats(new Uint32Array(regions).sort());
}

/** In place of what is given. */
function withoutRepeats(sorted: Uint32Array): Uint32Array {
  let count = 0;
  for (const region of sorted) if (count === 0 || region !== sorted[count - 1]) sorted[count++] = region;
  return sorted.subarray(0, count);
}

/** Photographs of a set, ascending. `image`: that of each region, ascending. */
export function photographsWith(set: Uint32Array, image: Uint32Array): Uint32Array {
  return withoutRepeats(set.map((region) => image[region]));
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
