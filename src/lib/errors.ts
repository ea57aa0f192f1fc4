import type { ErrorCode } from './errorCodes.ts';

/** An error that the user can act on: its message names the subject, the numbers and the remedy. Any other error is a bug. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Message of a caught value of any type. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Turns a missing case of a `switch` over a union into a type error. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
