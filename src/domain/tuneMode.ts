/**
 * Whether the fastest kernels are measured before a run: where they aren't known from an earlier visit, or `again`. `off`
 * takes those of the adapter's class.
 */
export const TUNE_MODES = ['off', 'on', 'again'] as const;
export type TuneMode = (typeof TUNE_MODES)[number];
