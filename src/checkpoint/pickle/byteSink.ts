/** Collects bytes in a growing buffer. */
export interface ByteSink {
  bytes(...values: number[]): void;
  append(bytes: Uint8Array): void;
  /** Appends one byte, then `size` more that `fill` writes at offset `at`. */
  view(first: number, size: number, fill: (view: DataView, at: number) => void): void;
  /** Yields all bytes written since the last call, and empties the buffer. */
  take(): Generator<Uint8Array<ArrayBuffer>>;
}

export function createByteSink(): ByteSink {
  let buffer = new Uint8Array(1024);
  let end = 0;
  const reserve = (count: number): void => {
    if (end + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(2 * buffer.length, end + count));
    larger.set(buffer);
    buffer = larger;
  };
  const append = (bytes: ArrayLike<number>): void => {
    reserve(bytes.length);
    buffer.set(bytes, end);
    end += bytes.length;
  };
  return {
    bytes: (...values) => append(values),
    append,
    view: (first, size, fill) => {
      reserve(1 + size);
      buffer[end] = first;
      fill(new DataView(buffer.buffer), end + 1);
      end += 1 + size;
    },
    *take() {
      if (end > 0) yield buffer.slice(0, end);
      end = 0;
    },
  };
}
