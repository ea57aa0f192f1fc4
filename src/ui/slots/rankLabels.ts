/** Fraction of the pixels of each prototype 0…count−1 that has any, largest first. */
export function rankLabels(
  labels: Uint16Array,
  count: number,
): readonly { readonly prototype: number; readonly fraction: number }[] {
  const pixels = new Uint32Array(count);
  for (const label of labels) pixels[label] += 1;
  return Array.from(pixels, (held, prototype) => ({ prototype, fraction: held / labels.length }))
    .filter(({ fraction }) => fraction > 0)
    .sort((a, b) => b.fraction - a.fraction || a.prototype - b.prototype);
}
