import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';

/** A long text that is appended to and read once at the end; compressed in memory. */
export interface TextPieces {
  add(text: string): void;
  /** Yields all added text, in order. */
  read(): Iterable<string>;
}

/** Number of characters compressed together. */
const PIECE = 1 << 18;

export function createTextPieces(): TextPieces {
  const pieces: Uint8Array[] = [];
  let fresh: string[] = [];
  let length = 0;
  return {
    add: (text) => {
      fresh.push(text);
      length += text.length;
      if (length < PIECE) return;
      pieces.push(deflateSync(strToU8(fresh.join('')), { level: 3 }));
      fresh = [];
      length = 0;
    },
    read: function* () {
      for (const piece of pieces) yield strFromU8(inflateSync(piece));
      yield fresh.join('');
    },
  };
}
