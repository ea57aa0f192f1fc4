import { prototypeColour } from '../../domain/palette.ts';

/** The stable colour of a prototype, for style sheets. */
export function prototypeCss(index: number, count: number): string {
  return `rgb(${prototypeColour(index, count).join(' ')})`;
}
