import type { RegionTable } from '../../domain/regions.ts';
import { nextTask } from '../../lib/async/nextTask.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { createZipStream, MAX_ZIP_FILES } from '../../lib/zip/zipStream.ts';
import { exportRegions, regionFileName } from '../../regions/exports/exportRegions.ts';
import type { Progress } from '../contracts.ts';
import { createBlobParts } from '../files/blobOf.ts';
import type { RequestContext } from '../requestHandler.ts';
import type { RegionRequests } from './regionRequests.ts';

type Made<Kind extends 'exportRegions' | 'zipPhotographs'> = Promise<RegionRequests[Kind]['result']>;

/** A table as a file. */
export async function exportTable(
  table: RegionTable,
  { form, classes }: RegionRequests['exportRegions']['input'],
  { signal, progress }: RequestContext<Progress>,
): Made<'exportRegions'> {
  const fileName = regionFileName(form);
  const parts = createBlobParts();
  let written = 0;
  for (const chunk of exportRegions(form, table, classes, (regions) => (written = regions))) {
    parts.add(chunk);
    progress({ phase: `Writing ${fileName}`, fraction: written / table.regions.count });
    // Lets messages in, one of which may be an abort.
    await nextTask();
    signal.throwIfAborted();
  }
  return { fileName, source: parts.blob() };
}

/** Copies of photographs as a zip. */
export async function zipPhotographs(
  { files }: RegionRequests['zipPhotographs']['input'],
  { signal, progress }: RequestContext<Progress>,
): Made<'zipPhotographs'> {
  if (files.length > MAX_ZIP_FILES) {
    const many = `${files.length} images are chosen, and a zip holds ${MAX_ZIP_FILES}`;
    throw new UserError('export/too-many', `${many}. Choose fewer, or copy them to a folder.`);
  }
  const zip = createZipStream();
  const parts = createBlobParts();
  for (const [at, { path, file }] of files.entries()) {
    progress({ phase: `Copying: ${at} of ${files.length} images`, fraction: at / files.length });
    const bytes = await file.arrayBuffer().catch((thrown: unknown) => {
      throw new UserError('images/gone', `"${path}" can't be read any more: ${errorMessage(thrown)}`);
    });
    signal.throwIfAborted();
    zip.add(path, [new Uint8Array(bytes)], false);
    for (const chunk of zip.take()) parts.add(chunk);
  }
  zip.end();
  for (const chunk of zip.take()) parts.add(chunk);
  return { fileName: `slotcon-${files.length}-images.zip`, source: parts.blob() };
}
