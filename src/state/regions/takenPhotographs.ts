import type { RegionOverview } from '../../domain/regions.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { openImage } from '../session/listing.ts';
import type { Dataset } from '../session/images.ts';

/** A file that is copied, under its path. */
export interface TakenFile {
  readonly path: string;
  readonly file: File;
}

/** Files of these photographs, each once: a file may hold several. */
export async function openFiles(
  images: readonly number[],
  overview: RegionOverview,
  dataset: Pick<Dataset, 'files'>,
): Promise<TakenFile[]> {
  const { files } = dataset;
  if (!files) throw new UserError('regions/none', 'Sample scenes are drawn and have no files to copy.');
  const opened = new Map<string, File>();
  for (const image of images) {
    const { path, file } = await openImage(files, overview.photographs.paths[image]);
    opened.set(path, file);
  }
  return Array.from(opened, ([path, file]) => ({ path, file }));
}

/** Copies files into a folder, under their paths. */
export async function copyFiles(
  files: readonly TakenFile[],
  folder: FileSystemDirectoryHandle,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [at, { path, file }] of files.entries()) {
    signal.throwIfAborted();
    const parts = path.split('/');
    const name = parts.pop() ?? path;
    try {
      let parent = folder;
      for (const part of parts) parent = await parent.getDirectoryHandle(part, { create: true });
      const writable = await (await parent.getFileHandle(name, { create: true })).createWritable();
      await writable.write(file);
      await writable.close();
    } catch (thrown) {
      const copied = `${at} of ${files.length} files were copied before`;
      throw new UserError(
        'export/unwritable',
        `"${path}" could not be copied into "${folder.name}": ${errorMessage(thrown)}. ${copied}. Choose another folder, or take a zip.`,
      );
    }
    onProgress((at + 1) / files.length);
  }
}
