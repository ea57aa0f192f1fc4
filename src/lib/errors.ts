/**
 * An error a person can act on: the message names the thing, the numbers and the remedy.
 * Everything else that is thrown is a bug of ours.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    /** Stable, for tests and for the page: `area/what`, e.g. `dataset/too-small`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The text of anything that was thrown. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** For `switch` statements over unions: a case that is missing becomes a type error. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
