/** Width and height of a working copy in pixels: the shorter side at most `workingSize`, never enlarged, at least 1 pixel. */
export function workingCopySize(width: number, height: number, workingSize: number): { width: number; height: number } {
  const scale = Math.min(1, workingSize / Math.min(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
