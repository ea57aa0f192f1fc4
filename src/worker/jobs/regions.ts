import { UserError } from '../../lib/errors.ts';
import { keepRegions } from '../../regions/file/keepRegions.ts';
import { readRegionOverview } from '../../regions/file/readRegions.ts';
import { classifyRegions } from '../../regions/maskClasses.ts';
import type { RegionClasses } from '../../domain/regions.ts';
import type { Masks } from '../masks.ts';
import { blobSource } from '../regions/blobSource.ts';
import type { KeptFile } from '../regions/keptFile.browser.ts';
import type { Job, JobContext } from './job.ts';

/** Opens the file that regions are kept in under a name. */
export type OpenRegionFile = (name: string) => Promise<KeptFile>;

/** The pass over all images, and the classes of their masks where there are any. */
export function createRegionsJob(masks: Masks, openFile: OpenRegionFile): Job<'regions'> {
  return async (context, { keepAs }) => {
    const { images, step, progress } = context;
    if (images.count === 0) {
      throw new UserError('dataset/empty', `"${images.name}" holds no usable image: choose another folder.`);
    }
    await progress('Compiling kernels', 0);
    const file = await openFile(keepAs);
    const [found, { source, isKept }] = await writeAll(context, file);
    const classes = await classesOf(source, masks, context);
    return { step, source, isKept, ...found, ...(classes && { classes }) };
  };
}

async function writeAll(
  context: JobContext,
  file: KeptFile,
): Promise<[Awaited<ReturnType<typeof keepRegions>>, Awaited<ReturnType<KeptFile['finish']>>]> {
  const { images, progress } = context;
  try {
    const found = await keepRegions(context, file, (done) =>
      progress(`Finding regions: ${Math.floor(done)} of ${images.count} images`, done / images.count),
    );
    return [found, await file.finish()];
  } catch (thrown) {
    // What was written so far is there for the next pass.
    await file.finish();
    throw thrown;
  }
}

async function classesOf(
  source: Blob,
  masks: Masks,
  { images, progress }: JobContext,
): Promise<RegionClasses | undefined> {
  const { match, read, className } = await masks.setOf(images);
  if (match.count === 0) return undefined;
  const overview = await readRegionOverview(blobSource(source));
  const known = { has: (image: number) => match.maskOf[image] >= 0, read, className };
  return classifyRegions(overview, known, (done) =>
    progress(`Reading masks: ${done} of ${images.count}`, done / images.count),
  );
}
