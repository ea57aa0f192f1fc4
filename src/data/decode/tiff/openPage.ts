import type { Conversion } from '../../../domain/images.ts';
import { cmykToRgb } from '../pixels/cmyk.ts';
import type { DeepSamples, StoredPixels, Samples } from '../pixels/storedPixels.ts';
import { corrupt, truncated, unsupported, type Refusal } from '../refusal.ts';
import { refuseSize } from '../sniff.ts';
import { createBlocks } from './blocks.ts';
import { createLevels, createPalette, yCbCrToRgb } from './colors.ts';
import { PHOTOMETRIC, type TiffTags } from './tags.ts';

const DECODED = new Set([1, 5, 7, 8, 32773, 32946]);
const COMPRESSIONS: Partial<Record<number, string>> = {
  2: 'fax compression',
  3: 'fax compression',
  4: 'fax compression',
  6: 'old-style JPEG',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
};
const SAVE_AGAIN = 'Save it with LZW or Deflate, or as PNG, to use it.';

/** How the samples of a page become stored pixels. */
interface Layout {
  /** Samples of a pixel that are read. */
  readonly read: number;
  readonly channels: StoredPixels['channels'];
  readonly convert?: (samples: Samples) => Samples;
  readonly deep?: DeepSamples;
  readonly isPremultiplied?: boolean;
  readonly conversions: readonly Conversion[];
}

/** Opens the image of a directory. */
export function openPage(
  bytes: Uint8Array<ArrayBuffer>,
  tags: TiffTags,
  isLittleEndian: boolean,
): StoredPixels | Refusal {
  const { width, height, orientation } = tags;
  const refused = refuseSize(tags) ?? refuseStorage(tags) ?? findMissingBlocks(tags, bytes);
  if (refused) return refused;
  const layout = layoutOf(tags);
  if ('reason' in layout) return layout;
  const { read, convert, channels, ...parts } = layout;
  const blocks = createBlocks(bytes, tags, read, isLittleEndian);
  const rows: StoredPixels['rows'] = async (top, count) => {
    const samples = await blocks.rows(top, count);
    return convert ? convert(samples) : samples;
  };
  return { width, height, orientation, channels, ...parts, rows };
}

function refuseStorage({ bits, sampleFormat, compression }: TiffTags): Refusal | undefined {
  if (!DECODED.has(compression)) {
    const name = COMPRESSIONS[compression] ?? `compression ${compression}`;
    return unsupported(`A TIFF with ${name} can't be decoded here. ${SAVE_AGAIN}`);
  }
  const isFloat = sampleFormat === 3;
  const isDecoded = isFloat ? [16, 32, 64].includes(bits[0]) : bits[0] >= 1 && bits[0] <= 32;
  const isOdd = sampleFormat === 2 && ![8, 16, 32].includes(bits[0]);
  if (isDecoded && !isOdd && sampleFormat <= 3 && bits.every((one) => one === bits[0])) return undefined;
  const kind = ['', 'unsigned', 'signed', 'float'][sampleFormat] ?? 'complex';
  return unsupported(`A TIFF with ${kind} samples of ${bits.join(', ')} bits can't be decoded here. Save it as PNG.`);
}

function findMissingBlocks(tags: TiffTags, bytes: Uint8Array): Refusal | undefined {
  const { width, height, blockWidth, blockHeight, offsets, byteCounts, isPlanar, samplesPerPixel } = tags;
  if (blockWidth < 1 || blockHeight < 1)
    return corrupt(`The TIFF has blocks of ${blockWidth} × ${blockHeight} pixels.`);
  const blocks = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight) * (isPlanar ? samplesPerPixel : 1);
  if (offsets.length < blocks || byteCounts.length < blocks)
    return corrupt(`The TIFF has ${Math.min(offsets.length, byteCounts.length)} of ${blocks} blocks.`);
  const isCut = offsets.some((offset, index) => offset + byteCounts[index] > bytes.length);
  return isCut ? truncated(bytes) : undefined;
}

function layoutOf(tags: TiffTags): Layout | Refusal {
  const { photometric, samplesPerPixel, bits, colorMap, compression, subsampling } = tags;
  const is8Bit = bits[0] === 8 && tags.sampleFormat === 1;
  switch (photometric) {
    case PHOTOMETRIC.whiteIsZero:
    case PHOTOMETRIC.blackIsZero:
    case PHOTOMETRIC.rgb:
      return plainLayout(tags);
    case PHOTOMETRIC.palette:
      if (colorMap.length < 3) return corrupt('The TIFF has no colors for its palette.');
      return { read: 1, channels: 3, convert: createPalette(colorMap), conversions: [] };
    case PHOTOMETRIC.cmyk:
      if (is8Bit && samplesPerPixel >= 4) return { read: 4, channels: 3, convert: cmykToRgb, conversions: [] };
      break;
    case PHOTOMETRIC.yCbCr: {
      // JPEG brings its own subsampling.
      const isFull = compression === 7 || subsampling.every((factor) => factor === 1);
      if (is8Bit && samplesPerPixel === 3 && isFull)
        return { read: 3, channels: 3, convert: yCbCrToRgb, conversions: [] };
    }
  }
  return unsupported(
    `A TIFF of color model ${photometric} with ${bits.length} channels can't be decoded here. Save it as PNG.`,
  );
}

/** Gray or RGB with or without alpha, or the first of many channels. */
function plainLayout({ photometric, samplesPerPixel, bits, sampleFormat, extraSamples, missing }: TiffTags): Layout {
  const colors = samplesPerPixel < 3 ? 1 : 3;
  const extra = samplesPerPixel - colors;
  // Two or four channels are taken to end in alpha unless the file says that the last one is something else.
  const mayBeAlpha = extra === 1 && (photometric === PHOTOMETRIC.rgb || colors === 1);
  const hasAlpha = mayBeAlpha && extraSamples[0] !== 0;
  const channels = (hasAlpha ? colors + 1 : colors) as StoredPixels['channels'];
  const isInverted = photometric === PHOTOMETRIC.whiteIsZero;
  const common = {
    read: channels,
    channels,
    isPremultiplied: hasAlpha && extraSamples[0] === 1,
    conversions: extra > (hasAlpha ? 1 : 0) ? (['first-channels'] as const) : [],
  };
  if (bits[0] > 8 || sampleFormat !== 1) {
    const opaque = sampleFormat === 3 ? 1 : 2 ** (sampleFormat === 2 ? bits[0] - 1 : bits[0]) - 1;
    return { ...common, deep: { opaque, isInverted, ...(missing !== undefined && { missing }) } };
  }
  if (bits[0] === 8 && !isInverted) return common;
  return { ...common, convert: createLevels(bits[0], isInverted) };
}
