import { prototypeCss } from '../widgets/colors.ts';

/** Number of distinguishable colors; they repeat after it. */
const COLORS = 12;

/** The color of the n-th compared run. */
export function runColor(order: number): string {
  return prototypeCss(order % COLORS, COLORS);
}
