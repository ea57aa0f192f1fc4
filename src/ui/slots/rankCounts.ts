/** Fraction of the pixels of each prototype that has any, largest first. `counts` holds the pixels of each. */
export function rankCounts(counts: Uint32Array): readonly { readonly prototype: number; readonly fraction: number }[] {
  const total = counts.reduce((sum, held) => sum + held, 0);
  return Array.from(counts, (held, prototype) => ({ prototype, fraction: held / total }))
    .filter(({ fraction }) => fraction > 0)
    .sort((a, b) => b.fraction - a.fraction || a.prototype - b.prototype);
}
