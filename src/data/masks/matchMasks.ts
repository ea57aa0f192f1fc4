/**
 * Index of each image's mask, −1 for none. `a/b.jpg` matches `a/b.jpg.png` (as masks are exported), else `a/b.png`, else the
 * only mask named `b.png` in any folder, if no other image is named `b`. A folder `masks` that holds all masks is not part of
 * their names.
 */
export function matchMasks(images: readonly string[], masks: readonly string[]): Int32Array<ArrayBuffer> {
  const isMask = (path: string): boolean => /\.png$/i.test(path);
  const prefix = masks.filter(isMask).every((path) => path.startsWith('masks/')) ? 'masks/'.length : 0;
  const byName = new Map<string, number>();
  const byStem = createUnique();
  masks.forEach((path, index) => {
    if (!isMask(path)) return;
    const name = withoutEnding(path.slice(prefix));
    byName.set(name, index);
    byStem.add(baseName(name), index);
  });
  const stems = createUnique();
  images.forEach((path, index) => stems.add(baseName(withoutEnding(path)), index));
  return Int32Array.from(images, (path) => {
    const name = withoutEnding(path);
    const stem = baseName(name);
    return byName.get(path) ?? byName.get(name) ?? (stems.has(stem) ? byStem.get(stem) : undefined) ?? -1;
  });
}

const withoutEnding = (path: string): string => path.replace(/\.[^./]*$/, '');
const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Map without names that were added more than once. */
function createUnique() {
  const found = new Map<string, number | undefined>();
  return {
    add: (name: string, index: number): void => void found.set(name, found.has(name) ? undefined : index),
    get: (name: string): number | undefined => found.get(name),
    has: (name: string): boolean => found.get(name) !== undefined,
  };
}
