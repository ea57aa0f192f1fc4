/** Requests that a file of the origin private file system is written. */
export interface ToStorage {
  /** Names of its folders, which are created, and its own. */
  readonly path: readonly string[];
  readonly source: Blob;
}

/** `failure` says why it was not written. */
export interface FromStorage {
  readonly failure?: string;
}
