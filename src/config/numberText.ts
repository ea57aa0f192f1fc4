/** A number with a decimal point or comma, such as `0.5`, `0,5` and `1e-5`. */
const NUMBER = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i;
/** Groups of three digits; the spaces are those that number formats use. */
const GROUPED = /^[+-]?[1-9]\d{0,2}(([.,'’_ \u00a0\u202f])\d{3})(\2\d{3})*([.,]\d+)?$/;

/** Returns the text as a number, undefined if it isn't one. */
export function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/**
 * Says what to write where the text has thousands separators, or a comma that may be one (`1,000`); undefined otherwise. A
 * single point is a decimal point unless a `whole` number is wanted.
 */
export function separatorProblem(text: string, whole: boolean): string | undefined {
  const groups = GROUPED.exec(text);
  if (!groups) return undefined;
  const [, , separator, more, decimals] = groups as readonly (string | undefined)[];
  const isSingle = more === undefined && decimals === undefined;
  if (isSingle && separator === '.' && !whole) return undefined;
  const plain = text.slice(0, text.length - (decimals?.length ?? 0)).replace(/[^\d+-]/g, '') + (decimals ?? '');
  const written = plain.replace(',', '.');
  if (isSingle && separator === ',' && !whole) {
    return `which may mean ${written} or ${text.replace(',', '.')}: write one of the two.`;
  }
  return `with thousands separators: write ${written}.`;
}
