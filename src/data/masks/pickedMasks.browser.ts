import type { PickedFolder } from '../folder/pickedFolder.browser.ts';
import { maskFilesOf } from './maskFiles.ts';

/** Opens the files of a picked folder of masks, sorted by path; those that can't be opened are left out. See `maskFilesOf`. */
export async function openPickedMasks(
  picked: Pick<PickedFolder, 'name' | 'list' | 'open'>,
): Promise<readonly { readonly path: string; readonly file: File }[]> {
  const paths: string[] = [];
  for await (const found of picked.list()) paths.push(...found.paths);
  const files = maskFilesOf(picked.name, paths.sort());
  const opened = files.map(async (path) => ({ path, file: await picked.open(path) }));
  return (await Promise.allSettled(opened)).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
