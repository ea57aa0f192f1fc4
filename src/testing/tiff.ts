/** Tags and pixels of one directory of a test TIFF. */
export interface TiffPage {
  readonly width: number;
  readonly height: number;
  /** Strips or tiles as they are stored. */
  readonly blocks: readonly Uint8Array[];
  /** Values of tags by number, written as SHORT or LONG; ASCII for text. */
  readonly tags: Readonly<Record<number, number | readonly number[] | string>>;
}

/** Writes a TIFF whose pages follow each other. */
export function writeTiff(pages: readonly TiffPage[], isLittleEndian = true): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1 << 20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, isLittleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, isLittleEndian);
  let [end, link] = [8, 4];
  const put = (data: ArrayLike<number>): number => {
    const at = end;
    bytes.set(data, at);
    // Directories and values begin at even offsets.
    end += data.length + (data.length & 1);
    return at;
  };
  const numbers = (values: readonly number[], size: 2 | 4): Uint8Array => {
    const packed = new DataView(new ArrayBuffer(Math.max(4, values.length * size)));
    values.forEach((value, index) =>
      size === 2
        ? packed.setUint16(index * 2, value, isLittleEndian)
        : packed.setUint32(index * 4, value, isLittleEndian),
    );
    return new Uint8Array(packed.buffer);
  };
  for (const { width, height, blocks, tags } of pages) {
    const isTiled = 322 in tags;
    const all: Record<number, number | readonly number[] | string> = {
      256: width,
      257: height,
      ...tags,
      [isTiled ? 324 : 273]: blocks.map(put),
      [isTiled ? 325 : 279]: blocks.map(({ length }) => length),
    };
    const entries = Object.keys(all).map(Number).sort((one, other) => one - other); // oxfmt-ignore
    const values = entries.map((tag) => {
      const value = all[tag];
      if (typeof value === 'string') {
        const text = Uint8Array.from(`${value}\0\0\0\0`, (character) => character.charCodeAt(0));
        return { type: 2, count: text.length, data: text };
      }
      const list = typeof value === 'number' ? [value] : value;
      const size = [273, 279, 324, 325, 330].includes(tag) || list.some((one) => one > 65535) ? 4 : 2;
      return { type: size === 2 ? 3 : 4, count: list.length, data: numbers(list, size) };
    });
    const offsets = values.map(({ data }) => (data.length > 4 ? put(data) : undefined));
    view.setUint32(link, end, isLittleEndian);
    const directory = end;
    end += 2 + entries.length * 12 + 4;
    view.setUint16(directory, entries.length, isLittleEndian);
    entries.forEach((tag, index) => {
      const [at, { type, count, data }] = [directory + 2 + index * 12, values[index]];
      view.setUint16(at, tag, isLittleEndian);
      view.setUint16(at + 2, type, isLittleEndian);
      view.setUint32(at + 4, count, isLittleEndian);
      const offset = offsets[index];
      if (offset === undefined) bytes.set(data, at + 8);
      else view.setUint32(at + 8, offset, isLittleEndian);
    });
    link = end - 4;
  }
  return bytes.slice(0, end);
}
