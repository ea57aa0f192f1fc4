/** Size to decode to: the shorter or the longer side has at most so many pixels. */
export type TargetSize = { readonly shorter: number } | { readonly longer: number };

/** Width and height in pixels of an image that is shrunk to `target`: never enlarged, at least 1 pixel. */
export function shrunkSize(width: number, height: number, target: TargetSize): { width: number; height: number } {
  const scale =
    'shorter' in target ? target.shorter / Math.min(width, height) : target.longer / Math.max(width, height);
  const shrunk = (side: number): number => Math.max(1, Math.round(side * Math.min(1, scale)));
  return { width: shrunk(width), height: shrunk(height) };
}
