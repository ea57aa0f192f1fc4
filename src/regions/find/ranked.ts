import type { RankedItems } from '../../domain/regions.ts';

/** The `count` items with the largest values, ties in their order. */
export function ranked(values: Float32Array, count = values.length): RankedItems {
  const order = Uint32Array.from({ length: values.length }, (_, item) => item);
  const items = order.sort((a, b) => values[b] - values[a] || a - b).slice(0, count);
  return { items, values: Float32Array.from(items, (item) => values[item]) };
}
