/** Up to `max` of the values, evenly spread. */
export function evenly<Value>(values: readonly Value[], max: number): Value[] {
  const count = Math.min(values.length, max);
  return Array.from({ length: count }, (_, at) => values[Math.floor((at * values.length) / count)]);
}
