/** A place for the working copies that memory has no room for. Everything may reject: disks are full or broken. */
export interface Overflow {
  /** Appends some bytes; where the first of them lies. */
  append(bytes: Uint8Array): Promise<number>;
  /** For reading, when nothing is appended any more. */
  finish(): Promise<OverflowReader>;
  /** Gives the room back: nothing can be read any more. */
  discard(): Promise<void>;
}

/** Some of the bytes that were appended. */
export type OverflowReader = (at: number, length: number) => Promise<Uint8Array>;
