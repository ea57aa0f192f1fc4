import type { WorkingCopies } from '../data/workingCopies/workingCopies.ts';
import { createFolderCensus } from '../data/folder/folderNotes.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Decoders } from './decode/decoders.ts';
import type { Decoded } from './decode/messages.ts';
import { MAX_THUMBNAILS, type FolderFile } from './contracts.ts';
import { errorReport, type Post } from './post.ts';

export interface FolderReading {
  readonly datasetId: number;
  readonly name: string;
  readonly workingSize: number;
  readonly files: AsyncIterable<FolderFile>;
  readonly decoders: Decoders;
  /** Receives the working copies. */
  readonly cache: WorkingCopies;
  /** False once the reading is canceled or replaced. */
  isCurrent(): boolean;
}

/**
 * Turns files into working copies, as many at a time as there are decoders, and posts an event for each. The last event
 * is always `readDone`; after an error the images read until then are used.
 */
export async function readFolderFiles(post: Post, reading: FolderReading): Promise<void> {
  const { datasetId, name, workingSize, files, decoders, cache, isCurrent } = reading;
  const census = createFolderCensus();
  let [done, skipped, isStopped] = [0, 0, false];

  const takeImage = async (decoded: Decoded, file: Pick<File, 'size' | 'lastModified'> | undefined): Promise<void> => {
    if ('skipped' in decoded) {
      skipped += 1;
      post({ type: 'imageSkipped', datasetId, file: decoded.skipped });
      return;
    }
    const { path, image, dimensions, thumbnail } = decoded;
    const known = { path, bytes: file?.size ?? 0, dimensions, ...(file && { date: file.lastModified }) };
    const index = await cache.add(known, image).catch((error: unknown) => {
      throw noRoom(name, cache.count, error);
    });
    census.add(decoded);
    const { width, height } = image;
    if (index < MAX_THUMBNAILS)
      post({ type: 'imageRead', datasetId, index, path, width, height, thumbnail }, [thumbnail.data.buffer]);
  };
  const take = async (opened: FolderFile): Promise<void> => {
    if ('skipped' in opened) await takeImage(opened, undefined);
    else {
      for await (const decoded of decoders.decode({ ...opened, workingSize })) {
        // It was being decoded when an error stopped the reading.
        if (isStopped) return;
        await takeImage(decoded, opened.file);
        // The other images of the file are left out.
        if (!isCurrent()) break;
        post({ type: 'reading', datasetId, done, usable: cache.count });
      }
    }
    done += 1;
    post({ type: 'reading', datasetId, done, usable: cache.count });
  };
  const stop = (error: unknown): void => {
    if (!isStopped) post({ type: 'notice', error: errorReport(error) });
    isStopped = true;
  };

  const busy = new Set<Promise<void>>();
  for await (const opened of files) {
    if (!isCurrent() || isStopped) break;
    const taken: Promise<void> = take(opened)
      .catch(stop)
      .finally(() => busy.delete(taken));
    busy.add(taken);
    if (busy.size > decoders.count) await Promise.race(busy);
  }
  await Promise.all(busy);
  const canceled = isStopped || !isCurrent();
  const [usable, notes, different] = [cache.count, census.notes(), census.different()];
  post({ type: 'readDone', datasetId, usable, skipped, canceled, notes, different });
}

function noRoom(name: string, count: number, error: unknown): UserError {
  return new UserError(
    'images/no-room',
    `There is no room for more of "${name}" (${errorMessage(error)}). The ${count} images read so far are used; ` +
      'for more, free some disk space or lower "Working resolution", then choose the folder again.',
  );
}
