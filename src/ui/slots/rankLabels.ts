/** Share of the pixels per prototype 0…count−1 that has any, largest first. */
export function rankLabels(
  labels: Uint16Array,
  count: number,
): readonly { readonly prototype: number; readonly share: number }[] {
  const pixels = new Uint32Array(count);
  for (let at = 0; at < labels.length; at++) pixels[labels[at] ?? 0]! += 1;
  return Array.from(pixels, (held, prototype) => ({ prototype, share: held / labels.length }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || a.prototype - b.prototype);
}
