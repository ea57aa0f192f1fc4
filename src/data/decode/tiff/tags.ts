import type { GeoTIFF } from 'geotiff';
import type { Orientation } from '../../../domain/images.ts';

/** One directory of a TIFF, as geotiff reads it. */
export type TiffImage = Awaited<ReturnType<GeoTIFF['getImage']>>;
export type TiffDirectory = TiffImage['fileDirectory'];

/** Meaning of the samples (PhotometricInterpretation). */
export const PHOTOMETRIC = {
  whiteIsZero: 0,
  blackIsZero: 1,
  rgb: 2,
  palette: 3,
  cmyk: 5,
  yCbCr: 6,
  colorFilterArray: 32803,
  linearRaw: 34892,
} as const;

/** What is needed of a directory to decode its image. */
export interface TiffTags {
  readonly width: number;
  readonly height: number;
  readonly orientation: Orientation;
  readonly bits: readonly number[];
  readonly samplesPerPixel: number;
  /** 1 unsigned, 2 signed, 3 float. */
  readonly sampleFormat: number;
  readonly photometric: number;
  readonly compression: number;
  readonly predictor: number;
  readonly isPlanar: boolean;
  /** Meaning of the channels beyond gray or color: 0 unknown, 1 alpha that colors are multiplied by, 2 alpha. */
  readonly extraSamples: readonly number[];
  readonly isTiled: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  readonly colorMap: readonly number[];
  /** Chroma subsampling of YCbCr. */
  readonly subsampling: readonly number[];
  readonly jpegTables: unknown;
  /** Value of pixels without one (GDAL). */
  readonly missing?: number;
}

export async function readTags(directory: TiffDirectory): Promise<TiffTags> {
  const numbers = async (tag: number): Promise<number[]> => {
    const value: unknown = directory.hasTag(tag) ? await directory.loadValue(tag) : [];
    return typeof value === 'string'
      ? []
      : Array.from((typeof value === 'object' ? value : [value]) as number[], Number);
  };
  const number = async (tag: number, missing: number): Promise<number> => (await numbers(tag))[0] ?? missing;
  const [width, height] = [await number(256, 0), await number(257, 0)];
  const isTiled = directory.hasTag(322);
  const samplesPerPixel = await number(277, 1);
  const orientation = await number(274, 1);
  const missing = directory.hasTag(42113) ? Number.parseFloat(String(await directory.loadValue(42113))) : NaN;
  return {
    width,
    height,
    orientation: (orientation >= 1 && orientation <= 8 ? orientation : 1) as Orientation,
    bits: directory.hasTag(258) ? await numbers(258) : [1],
    samplesPerPixel,
    sampleFormat: await number(339, 1),
    photometric: await number(262, samplesPerPixel < 3 ? PHOTOMETRIC.blackIsZero : PHOTOMETRIC.rgb),
    compression: await number(259, 1),
    predictor: await number(317, 1),
    isPlanar: (await number(284, 1)) === 2 && samplesPerPixel > 1,
    extraSamples: await numbers(338),
    isTiled,
    blockWidth: isTiled ? await number(322, width) : width,
    blockHeight: isTiled ? await number(323, height) : Math.min(height, await number(278, height)),
    offsets: await numbers(isTiled ? 324 : 273),
    byteCounts: await numbers(isTiled ? 325 : 279),
    colorMap: await numbers(320),
    subsampling: directory.hasTag(530) ? await numbers(530) : [2, 2],
    jpegTables: directory.hasTag(347) ? await directory.loadValue(347) : undefined,
    ...(!Number.isNaN(missing) && { missing }),
  };
}
