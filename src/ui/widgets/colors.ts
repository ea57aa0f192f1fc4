import { prototypeColor } from '../../domain/palette.ts';

/** The stable color of a prototype, for style sheets. */
export function prototypeCss(index: number, count: number): string {
  return `rgb(${prototypeColor(index, count).join(' ')})`;
}
