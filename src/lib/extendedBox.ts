/** Number of box passes that approximate one Gaussian blur, as in Pillow. */
export const BLUR_PASSES = 3;

/** Half-width of the box and the weights of its inside and of its two ends, in units of 2^−24. */
export interface ExtendedBox {
  readonly radius: number;
  readonly innerWeight: number;
  readonly outerWeight: number;
}

/**
 * The box whose `BLUR_PASSES`-fold convolution has the variance of a Gaussian of `sigma` pixels (Gwosdek et al. 2011);
 * 32-bit floats as in Pillow (BoxBlur.c).
 */
export function extendedBox(sigma: number): ExtendedBox {
  const f = Math.fround;
  const variance = f(f(f(sigma) * f(sigma)) / BLUR_PASSES);
  const idealLength = f(Math.sqrt(12 * variance + 1));
  const whole = Math.floor((idealLength - 1) / 2);
  const numerator = f((2 * whole + 1) * f(whole * (whole + 1) - f(3 * variance)));
  const fraction = f(numerator / f(6 * f(variance - (whole + 1) * (whole + 1))));
  const floatRadius = f(whole + fraction);
  const radius = Math.trunc(floatRadius);
  const innerWeight = Math.trunc(f(2 ** 24 / f(floatRadius * 2 + 1)));
  const outerWeight = Math.floor((2 ** 24 - (radius * 2 + 1) * innerWeight) / 2);
  return { radius, innerWeight, outerWeight };
}
