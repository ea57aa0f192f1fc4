import { fnv1a } from '../../lib/random.ts';

/** Hash of paths and file sizes in their order, 8 hexadecimal digits. Identifies a set of images. */
export function datasetFingerprint(entries: readonly { readonly path: string; readonly bytes: number }[]): string {
  let hash = fnv1a('');
  for (const { path, bytes } of entries) hash = fnv1a(`${path}\0${bytes}\n`, hash);
  return hash.toString(16).padStart(8, '0');
}
