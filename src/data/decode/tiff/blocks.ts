import { getDecoder } from 'geotiff';
import type { Samples } from '../pixels/storedPixels.ts';
import { unpackSamples } from './samples.ts';
import type { TiffTags } from './tags.ts';

/** Decodes the strips or tiles of a TIFF image, a row of them at a time. */
export interface Blocks {
  /** Interleaved first `channels` samples of `count` rows from `top`. */
  rows(top: number, count: number): Promise<Samples>;
}

/** Images of up to so many samples are kept while they are read a second time; of larger ones, the last row of blocks. */
const MAX_KEPT = 2 ** 26;

export function createBlocks(
  bytes: Uint8Array<ArrayBuffer>,
  tags: TiffTags,
  channels: number,
  isLittleEndian: boolean,
): Blocks {
  const { width, height, blockWidth, blockHeight, isPlanar, isTiled } = tags;
  const across = Math.ceil(width / blockWidth);
  const down = Math.ceil(height / blockHeight);
  const perBlock = isPlanar ? 1 : tags.samplesPerPixel;
  const decoder = createDecoder(tags);
  const kept = new Map<number, Samples>();

  const readBlock = async (index: number, rows: number): Promise<Samples> => {
    const [offset, length] = [tags.offsets[index] ?? 0, tags.byteCounts[index] ?? 0];
    const layout = { ...tags, isLittleEndian, rowSamples: blockWidth * perBlock, rows, stride: perBlock };
    // Blocks that were never written are zero.
    if (length === 0) return unpackSamples(undefined, layout);
    const packed = await (await decoder).decode(bytes.slice(offset, offset + length).buffer);
    return unpackSamples(packed as ArrayBuffer, layout);
  };
  const readBlockRow = async (index: number): Promise<Samples> => {
    const rows = Math.min(blockHeight, height - index * blockHeight);
    const stored = isTiled ? blockHeight : rows;
    let whole: Samples | undefined;
    for (let plane = 0; plane < (isPlanar ? channels : 1); plane++) {
      for (let column = 0; column < across; column++) {
        const block = await readBlock((plane * down + index) * across + column, stored);
        // The first block serves as it is where it is all.
        if (across === 1 && !isPlanar && perBlock === channels && !isTiled) return block;
        whole ??= new (block.constructor as Uint8ArrayConstructor)(width * rows * channels);
        const columns = Math.min(blockWidth, width - column * blockWidth);
        copyBlock(block, whole, { rows, columns, left: column * blockWidth, plane });
      }
    }
    if (!whole) throw new Error('the image has no pixels');
    return whole;
  };
  const copyBlock = (
    block: Samples,
    whole: Samples,
    { rows, columns, left, plane }: { rows: number; columns: number; left: number; plane: number },
  ): void => {
    const copied = isPlanar ? 1 : channels;
    for (let row = 0; row < rows; row++) {
      let from = row * blockWidth * perBlock;
      let to = (row * width + left) * channels + plane;
      for (let column = 0; column < columns; column++, from += perBlock, to += channels) {
        for (let channel = 0; channel < copied; channel++) whole[to + channel] = block[from + channel];
      }
    }
  };
  const rows = async (top: number, count: number): Promise<Samples> => {
    let result: Samples | undefined;
    for (let row = top; row < top + count;) {
      const index = Math.floor(row / blockHeight);
      let blockRow = kept.get(index);
      if (!blockRow) {
        blockRow = await readBlockRow(index);
        if (width * height * channels > MAX_KEPT) kept.clear();
        kept.set(index, blockRow);
      }
      const first = row - index * blockHeight;
      const taken = Math.min(top + count - row, Math.min(blockHeight, height - index * blockHeight) - first);
      const part = blockRow.subarray(first * width * channels, (first + taken) * width * channels);
      if (taken === count) return part;
      result ??= new (part.constructor as Uint8ArrayConstructor)(count * width * channels);
      result.set(part, (row - top) * width * channels);
      row += taken;
    }
    if (!result) throw new Error('the image has no pixels');
    return result;
  };
  return { rows };
}

/** Decompresses blocks; differences between neighbors (predictor 2) are left to `unpackSamples`. */
function createDecoder({ compression, blockWidth, blockHeight, isPlanar, bits, predictor, jpegTables }: TiffTags) {
  const parameters = {
    tileWidth: blockWidth,
    tileHeight: blockHeight,
    planarConfiguration: isPlanar ? 2 : 1,
    bitsPerSample: [...bits],
    predictor: predictor === 3 ? 3 : 1,
    ...(jpegTables !== undefined && { JPEGTables: jpegTables }),
  };
  return getDecoder(compression, parameters);
}
