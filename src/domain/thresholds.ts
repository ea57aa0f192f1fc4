/** A prototype that holds more than this of all cells or pixels counts as in use. */
export const IN_USE_SHARE = 0.005;

/** Less of an image than this is a speck, in which a prototype isn't seen. */
export const SEEN_SHARE = 0.01;

/** Every run dips before this step: features align and slots drop before they part again. */
export const DIP_ENDS_AT_STEP = 60;
