/**
 * Told often how far long work is, as a fraction. Lets others in now and then, and throws where the work is no longer wanted.
 */
export type Pace = (fraction: number) => Promise<void>;

export const unpaced: Pace = () => Promise.resolve();

/** The part of the work from one fraction to another. */
export function paceWithin(pace: Pace, from: number, to: number): Pace {
  return (fraction) => pace(from + (to - from) * fraction);
}
