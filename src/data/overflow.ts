/** A place for the working copies that memory has no room for. Everything may reject: disks are full or broken. */
export interface Overflow {
  /** Appends some bytes; where the first of them lies. */
  append(bytes: Uint8Array): Promise<number>;
  /** All of it, when nothing is appended any more. */
  finish(): Promise<Blob>;
  /** Gives the room back: what `finish` gave can't be read any more. */
  discard(): Promise<void>;
}
