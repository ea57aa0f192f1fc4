/** Storage on disk for working copies that don't fit into memory. Every method may reject: disks may be full or broken. */
export interface Overflow {
  /** Appends bytes. Resolves to the offset of the first. */
  append(bytes: Uint8Array): Promise<number>;
  /** Ends writing. Resolves to a reader. */
  finish(): Promise<OverflowReader>;
  /** Deletes the storage; readers stop working. */
  discard(): Promise<void>;
}

/** Reads `length` bytes from offset `at`. */
export type OverflowReader = (at: number, length: number) => Promise<Uint8Array>;
