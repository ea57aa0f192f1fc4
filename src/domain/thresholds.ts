/** A prototype with a larger fraction of all cells or pixels counts as in use. */
export const IN_USE_FRACTION = 0.005;

/** A prototype with a smaller fraction of an image's cells or pixels is not counted as present in it. */
export const PRESENT_FRACTION = 0.01;

/** Every run dips before this step: features align and slots merge before they separate again. */
export const DIP_ENDS_AT_STEP = 60;

/**
 * Slots whose NMI with clusters of color is at least this follow color. Runs of `tiny`, two seeds each on photographs and on
 * synthetic scenes, ended by the stops of *Slots by* at .39 to .47, .34 to .41, .24, and .10 to .23.
 */
export const COLOR_EXPLAINS = 0.35;
