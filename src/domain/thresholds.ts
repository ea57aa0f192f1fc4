/** A prototype with a larger fraction of all cells or pixels counts as in use. */
export const IN_USE_FRACTION = 0.005;

/** A prototype with a smaller fraction of an image's cells or pixels is not counted as present in it. */
export const PRESENT_FRACTION = 0.01;

/** Every run dips before this step: features align and slots merge before they separate again. */
export const DIP_ENDS_AT_STEP = 60;

/**
 * Slots whose NMI with clusters of color is at least this follow color. Runs of `tiny` whose views keep their colors ended at
 * .41 on photographs and .47 on synthetic scenes, those of "Things, whatever the light" at .23 and .09.
 */
export const COLOR_EXPLAINS = 0.35;
