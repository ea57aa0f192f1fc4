import type { Access } from '../graph.ts';
import type { Place } from '../materialize.ts';

/** Load from memory inside a fused kernel. */
export interface Leaf {
  readonly place: Place;
  readonly access: Access;
}

/** Four neighbors of the output read four neighbors of the operand. */
export function isWide({ terms }: Access): boolean {
  return terms.length > 0 && terms[0].divisor === 1;
}

/** Whether four neighbors of the output, from a multiple of 4 on, read such four of a wide operand. */
export function staysWide({ terms: [first, ...rest] }: Access, start: number): boolean {
  const { modulus, stride } = first;
  return stride === 1 && (modulus ?? 4) % 4 === 0 && start % 4 === 0 && rest.every((term) => term.stride % 4 === 0);
}

/** Whether groups of four elements read one number four times. */
export function isSingle({ terms }: Pick<Access, 'terms'>): boolean {
  return terms.every((term) => term.divisor % 4 === 0);
}

/** Whether groups of four elements can be read as vectors or as one number four times. */
export function isVectorizable({ place, access }: Leaf): boolean {
  const { terms, window } = access;
  if (window && (window.start % 4 !== 0 || window.count % 4 !== 0)) return false;
  if (!isWide(access)) return isSingle(access);
  return staysWide(access, place.start) && isSingle({ terms: terms.slice(1) });
}
