import { UserError } from '../../lib/errors.ts';

/** Reads a pickle from front to back. Throws a UserError for reads beyond its end. */
export interface PickleCursor {
  position(): number;
  byte(): number;
  uint16(): number;
  int32(): number;
  uint32(): number;
  /** 64-bit length or position within the file. */
  length64(): number;
  /** Big-endian, unlike all other numbers. */
  float64(): number;
  /** Little-endian two's complement integer of `bytes` bytes. */
  integer(bytes: number): number;
  text(bytes: number): string;
  /** Text up to the next newline, which is consumed. */
  line(): string;
}

export function createPickleCursor(bytes: Uint8Array): PickleCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const advance = (count: number): number => {
    if (count > bytes.length - at) throw badPickle(`it ends at byte ${bytes.length}, within what begins at ${at}`);
    at += count;
    return at - count;
  };
  const text = (count: number): string => {
    const begin = advance(count);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(begin, at));
    } catch {
      throw badPickle(`the text at byte ${begin} is not UTF-8`);
    }
  };
  return {
    position: () => at,
    byte: () => bytes[advance(1)],
    uint16: () => view.getUint16(advance(2), true),
    int32: () => view.getInt32(advance(4), true),
    uint32: () => view.getUint32(advance(4), true),
    length64: () => Number(view.getBigUint64(advance(8), true)),
    float64: () => view.getFloat64(advance(8)),
    integer: (count) => {
      if (count > 8) throw badPickle(`the number at byte ${at} has ${count} bytes, and 8 are the most that is read`);
      let value = 0n;
      const begin = advance(count);
      for (let index = count - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[begin + index]);
      const number = Number(BigInt.asIntN(8 * count, value));
      if (!Number.isSafeInteger(number))
        throw badPickle(`the number ${number} at byte ${begin} is too large to be exact`);
      return number;
    },
    text,
    line: () => {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) throw badPickle(`the line at byte ${at} has no end`);
      const content = text(end - at);
      advance(1);
      return content;
    },
  };
}

export const badPickle = (problem: string): UserError =>
  new UserError(
    'checkpoint/pickle',
    `The file's pickle is damaged: ${problem}. Take another copy, or save it anew with torch.save.`,
  );
