/**
 * Returns a value that must be defined; throws an Error with its name otherwise. A missing value is a bug, not a user
 * error.
 */
export function defined<T>(value: T | null | undefined, name = 'value'): T {
  if (value === null || value === undefined) throw new Error(`There is no ${name}`);
  return value;
}
