import { REGISTER, WORKGROUP, subgroupStrategy, type GemmStrategy } from './kernels/gemmCode.ts';

/**
 * What products are for, which decides what is fastest for them: windows over images, rows of a matrix, or deep sums over
 * pixels, as gradients of filters and weights are.
 */
export const GEMM_USES = ['convolution', 'product', 'weightGradient'] as const;
export type GemmUse = (typeof GEMM_USES)[number];

/** What the rounding of results depends on, and what is tuned per adapter. */
export interface KernelChoices {
  /** Kernels of matrix products and convolutions. */
  readonly gemm: Readonly<Record<GemmUse, GemmStrategy>>;
  /** Workgroups that occupy the adapter: deep sums with fewer outputs are split until there are about as many. */
  readonly parallelism: number;
}

/** The same kernels for every use. */
export function everywhere(strategy: GemmStrategy): KernelChoices['gemm'] {
  return { convolution: strategy, product: strategy, weightGradient: strategy };
}

/** `convolution=subgroup8/32 product=… weightGradient=… parallelism=4`; the number after / counts rows, scalars are named. */
export function choicesToText({ gemm, parallelism }: KernelChoices): string {
  const uses = GEMM_USES.map((use) => `${use}=${strategyToText(gemm[use])}`);
  return [...uses, `parallelism=${parallelism}`].join(' ');
}

function strategyToText({ kind, lanes, rows, vectors }: GemmStrategy): string {
  return `${kind}${lanes || ''}/${rows}${vectors ? '' : '/scalar'}`;
}

const TEXT = new RegExp(`^${GEMM_USES.map((use) => `${use}=(\\S+)`).join(' ')} parallelism=(\\d+)$`);

/** Inverse of `choicesToText`; undefined for any other text. */
export function choicesFromText(text: string): KernelChoices | undefined {
  const [, ...parts] = TEXT.exec(text) ?? [];
  const [convolution, product, weightGradient] = parts.map(strategyFromText);
  const parallelism = Number(parts.at(-1));
  if (!convolution || !product || !weightGradient || !(parallelism >= 1)) return undefined;
  return { gemm: { convolution, product, weightGradient }, parallelism };
}

const KINDS = { subgroup: subgroupStrategy, register: () => REGISTER, workgroup: () => WORKGROUP };

function strategyFromText(text: string): GemmStrategy | undefined {
  const found = /^(subgroup|register|workgroup)(\d*)\/(\d+)(?:\/scalar)?$/.exec(text);
  if (!found) return undefined;
  const usual = KINDS[found[1] as GemmStrategy['kind']](Number(found[2]));
  return { ...usual, rows: Number(found[3]), vectors: !text.endsWith('/scalar') };
}
