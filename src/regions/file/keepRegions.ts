import type { ImageSource } from '../../domain/images.ts';
import type { RegionOrigin } from '../../domain/regions.ts';
import type { Engine } from '../../ops/engine.ts';
import type { Model } from '../../slotcon/model.ts';
import { findRegions, regionOrigin, type PhotographRegions } from '../regionPass.ts';
import { scanRegionFile, type ByteSource } from './readRegions.ts';
import { originPart, photographsPart } from './writeRegions.ts';

/** A file that is read, cut and added to. */
export interface RegionFile extends ByteSource {
  /** Drops what follows the first `size` bytes. */
  truncate(size: number): void | Promise<void>;
  append(bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
}

export interface RegionSubject {
  readonly engine: Engine;
  readonly model: Model;
  readonly step: number;
  readonly images: ImageSource;
}

/** Photographs written at a time: what an interruption can lose. */
const PHOTOGRAPHS_PER_PART = 32;

/**
 * Writes the regions of all images to a file. What the file holds of them already, from an interrupted pass of the same model, is
 * kept; anything else in it is replaced, unless `onOther` throws. `onProgress` gets the number of photographs done.
 */
export async function keepRegions(
  { engine, model, step, images }: RegionSubject,
  file: RegionFile,
  onProgress: (done: number) => void | Promise<void>,
  onOther: (found: RegionOrigin | undefined) => void = () => undefined,
): Promise<{ readonly photographs: number; readonly regions: number }> {
  const origin = await regionOrigin(engine, model, step, images);
  const found = await scanRegionFile(file);
  const isSame = found && JSON.stringify(found.origin) === JSON.stringify(origin);
  if (!isSame && file.size > 0) onOther(found?.origin);
  await file.truncate(isSame ? found.end : 0);
  if (!isSame) await file.append(originPart(origin));
  let [photographs, regions] = isSame ? [found.photographs, found.regions] : [0, 0];
  if (photographs < images.count) {
    const start = photographs;
    const waiting: PhotographRegions[] = [];
    const flush = async (): Promise<void> => {
      const part = waiting.splice(0);
      await file.append(photographsPart(part));
      photographs += part.length;
      regions += part.reduce((sum, one) => sum + one.regions.length, 0);
    };
    for await (const one of findRegions(engine, model, images, start, (done) => onProgress(start + done))) {
      waiting.push(one);
      if (waiting.length === PHOTOGRAPHS_PER_PART) await flush();
    }
    if (waiting.length > 0) await flush();
  }
  return { photographs, regions };
}
