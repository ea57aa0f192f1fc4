import { isHiddenName } from '../folder/fileNames.ts';
import { UserError } from '../../lib/errors.ts';

/** True for files that a folder of masks may be made of: PNGs, and annotations as JSON; JPEGs, to say that they are none. */
export function mayBeMaskPath(path: string): boolean {
  return !path.split('/').some(isHiddenName) && /\.(png|json|jpe?g)$/i.test(path);
}

export const isAnnotationsPath = (path: string): boolean => /\.json$/i.test(path);

/**
 * The files of a folder that hold masks: its PNGs, or else its one file of annotations. Throws `masks/empty`, naming the
 * folder, if it has neither.
 */
export function maskFilesOf(folder: string, paths: readonly string[]): readonly string[] {
  const pngs = paths.filter((path) => /\.png$/i.test(path));
  if (pngs.length > 0) return pngs;
  const annotations = paths.filter(isAnnotationsPath);
  if (annotations.length === 1) return annotations;
  throw new UserError('masks/empty', `"${folder}" ${problemOf(paths, annotations)}`);
}

function problemOf(paths: readonly string[], annotations: readonly string[]): string {
  const [first] = annotations;
  if (annotations.length > 1)
    return `holds ${annotations.length} JSON files ("${first}", …) and no PNGs. Give the one COCO file of annotations itself.`;
  const jpegs = paths.filter((path) => /\.jpe?g$/i.test(path)).length;
  if (jpegs > 0)
    return `holds ${jpegs} JPEG files and no PNGs. JPEG changes the values of a mask, so that its classes are lost: export masks as PNG.`;
  return 'holds no PNG files. Masks are PNGs named as their images are, or a COCO file of annotations.';
}
