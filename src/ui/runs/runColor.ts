import { prototypeCss } from '../widgets/colors.ts';

/** As many as can be told apart in one chart; more begin again. */
const COLORS = 12;

/** The color of the n-th compared run. */
export function runColor(order: number): string {
  return prototypeCss(order % COLORS, COLORS);
}
