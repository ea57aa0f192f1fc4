import { prototypeCss } from '../widgets/colors.ts';

/** As many as can be told apart in one chart; more begin again. */
const COLOURS = 12;

/** The colour of the n-th compared run. */
export function runColour(order: number): string {
  return prototypeCss(order % COLOURS, COLOURS);
}
