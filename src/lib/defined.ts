/** Returns a value that is known to be there. Throws an Error with its name where it isn't: a bug of ours. */
export function defined<T>(value: T | null | undefined, name = 'value'): T {
  if (value === null || value === undefined) throw new Error(`There is no ${name}`);
  return value;
}
