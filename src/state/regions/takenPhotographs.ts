import type { RegionOverview } from '../../domain/regions.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { csvLines } from '../../lib/text/csv.ts';
import { openImage } from '../session/listing.ts';
import type { Dataset } from '../session/images.ts';
import type { TakenValues } from './folderMapState.ts';

/** A file that is copied, under its path. */
export interface TakenFile {
  readonly path: string;
  readonly file: File;
}

/** One path per line. */
export function namesOf(images: readonly number[], { photographs }: RegionOverview): string {
  return images.map((image) => `${photographs.paths[image]}\n`).join('');
}

/** Photographs in their order. `values` are those of a list, or how much is covered up to each. */
export function csvOf(images: readonly number[], { photographs }: RegionOverview, values?: TakenValues): string {
  const { paths, widths, heights, regionStarts } = photographs;
  const lines = images.map((image, at) => [
    at + 1,
    paths[image],
    widths[image],
    heights[image],
    regionStarts[image + 1] - regionStarts[image],
    ...(values ? [Number(values.of[at].toPrecision(6))] : []),
  ]);
  return csvLines([['rank', 'path', 'width', 'height', 'regions', ...(values ? [values.name] : [])], ...lines]);
}

/** Files of these photographs, each once: a file may hold several. */
export async function openFiles(
  images: readonly number[],
  overview: RegionOverview,
  dataset: Dataset,
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
