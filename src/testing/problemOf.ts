import { UserError } from '../lib/errors.ts';

/** Code and message of the UserError that `run` throws, "none" if it throws nothing; rethrows other errors. */
export function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'none';
}
