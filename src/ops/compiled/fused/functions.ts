import { WGSL_DIVIDE } from '../../../gpu/kernel.ts';

/** Functions over T that expressions may call. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  // Abramowitz & Stegun 7.1.26: |error| < 1.5e-7.
  normalCdf: `fn normalCdf(x: T) -> T {
  let z = abs(x) * T(0.70710678118654752);
  let t = T(1) / (T(1) + T(0.3275911) * z);
  let tail = t * (T(0.254829592) + t * (T(-0.284496736) + t * (T(1.421413741) + t * (T(-1.453152027) + t * T(1.061405429)))));
  let half = T(0.5) * tail * exp(-z * z);
  return select(half, T(1) - half, x >= T(0));
}`,
  normalPdf: 'fn normalPdf(x: T) -> T { return T(0.3989422804014327) * exp(T(-0.5) * x * x); }',
  divide: WGSL_DIVIDE,
};

/** Returns the declarations that `code` uses, vector or scalar. */
export function prelude(code: string, vector: boolean): string {
  const used = Object.keys(FUNCTIONS).filter((name) => code.includes(`${name}(`));
  return [`alias T = ${vector ? 'vec4<f32>' : 'f32'};`, ...used.map((name) => FUNCTIONS[name])].join('\n');
}
