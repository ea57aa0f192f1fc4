import { GEMM_USES, type GemmUse, type KernelChoices } from '../../gpu/kernelChoices.ts';
import { REGISTER, WORKGROUP, type GemmStrategy } from '../../gpu/kernels/gemmCode.ts';

/** A change of one choice. */
export interface Candidate {
  readonly changes: GemmUse | 'parallelism';
  readonly choices: KernelChoices;
}

/** What may be faster than a strategy, the likeliest first: smaller and larger tiles, other families, scalars. */
function alternatives(strategy: GemmStrategy): readonly GemmStrategy[] {
  const { kind, rows, vectors } = strategy;
  const tiles = [rows / 2, 2 * rows].map((other) => ({ ...strategy, rows: other }));
  const families = [REGISTER, WORKGROUP].filter((family) => family.kind !== kind);
  return [...tiles, ...families, ...(vectors ? [{ ...strategy, vectors: false }] : [])];
}

/** Each alternative for every use in turn, so that time which runs out is missed by all of them alike. */
export function kernelCandidates(choices: KernelChoices): readonly Candidate[] {
  const { gemm } = choices;
  const perUse = GEMM_USES.map((use) =>
    alternatives(gemm[use]).map((strategy): Candidate => {
      return { changes: use, choices: { ...choices, gemm: { ...gemm, [use]: strategy } } };
    }),
  );
  return perUse[0].flatMap((_, turn) => perUse.flatMap((candidates) => candidates.slice(turn, turn + 1)));
}

/** More and fewer parts of deep sums. */
export function splitCandidates(choices: KernelChoices): readonly Candidate[] {
  return [choices.parallelism / 4, 4 * choices.parallelism].map((parallelism) => {
    return { changes: 'parallelism', choices: { ...choices, parallelism } };
  });
}
