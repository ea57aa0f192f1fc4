import { GEMM_USES, type GemmUse, type KernelChoices } from '../../gpu/kernelChoices.ts';
import { largestError, scaledError, TOLERANCE } from '../check/knownAnswer.ts';
import type { CompiledEngine } from '../compiled/compiledEngine.ts';
import type { CompiledProgram } from '../compiled/compiledProgram.ts';
import type { Engine } from '../engine.ts';
import { kernelCandidates, splitCandidates, type Candidate } from './candidates.ts';
import { gpuStopwatch } from './gpuTime.ts';
import { createTrials, type Trials } from './trials.ts';

/** A candidate that was tried. */
export interface Attempt extends Candidate {
  /** Its time over the time without the change, in each round; none if it can't be compiled. */
  readonly ratios: readonly number[];
  /** Largest difference from the result without the change, in parts of the largest number. */
  readonly error: number;
}

export interface TuneOptions {
  /** Milliseconds after which no other candidate is tried. */
  readonly budgetMs?: number;
  /** Whether the adapter is one: then products are small. */
  readonly software: boolean;
  readonly clock?: () => number;
  /** Is given `Engine.kernels` at the end, and those before at the start: what a driver dies of is not tried again. */
  readonly remember?: (kernels: string) => void;
  readonly onProgress?: (fraction: number) => void;
}

const BUDGET_MS = 5000;
/** Milliseconds of a measurement: long compared with the resolution of the device's clock, which browsers coarsen to 0.1. */
const TURN_MS = 10;
const MAX_TIMES = 64;
const ROUNDS = 5;
/** Less of a gain, or a gain in some of the rounds, may be noise. */
const WORTH_IT = 0.95;

/**
 * Times products with each of the kernels that the adapter may be faster with, beside those of the engine, and lets it take
 * the fastest that compute the same. Resolves to what was tried; where it throws, the engine has what it had. Nothing else may
 * create programs meanwhile.
 */
export async function tuneKernels(engine: Engine, options: TuneOptions): Promise<readonly Attempt[]> {
  const core = engine.core as CompiledEngine;
  const { software, budgetMs = BUDGET_MS, clock = () => performance.now(), onProgress = () => undefined } = options;
  const started = clock();
  const usual = core.profile;
  options.remember?.(engine.kernels());
  const attempts: Attempt[] = [];
  const total = kernelCandidates(usual).length + splitCandidates(usual).length;
  let longest = 0;
  const tryAll = async (candidates: readonly Candidate[]): Promise<void> => {
    const race = createRace(engine, software ? 2 : 32, clock);
    try {
      for (const candidate of candidates) {
        const begun = clock();
        if (begun - started + longest > budgetMs) return;
        attempts.push(await race.run(candidate));
        longest = Math.max(longest, clock() - begun);
        onProgress(attempts.length / total);
      }
    } finally {
      race.dispose();
    }
  };
  try {
    await tryAll(kernelCandidates(usual));
    core.choose(fastest(usual, attempts));
    await tryAll(splitCandidates(core.profile));
    core.choose(fastest(usual, attempts));
    // Drivers may compute some sizes rightly and others not.
    if (attempts.some(isBetter) && !((await largestError(engine)) <= TOLERANCE)) core.choose(usual);
  } catch (thrown) {
    core.choose(usual);
    throw thrown;
  }
  options.remember?.(engine.kernels());
  return attempts;
}

/** The choices with the fastest right candidate of each. */
export function fastest({ gemm, parallelism }: KernelChoices, attempts: readonly Attempt[]): KernelChoices {
  const best = (changes: Candidate['changes']): KernelChoices | undefined =>
    attempts
      .filter((attempt) => attempt.changes === changes && isBetter(attempt))
      .sort((a, b) => middle(a) - middle(b))
      .at(0)?.choices;
  const [convolution, product, weightGradient] = GEMM_USES.map((use) => (best(use)?.gemm ?? gemm)[use]);
  return {
    gemm: { convolution, product, weightGradient },
    parallelism: best('parallelism')?.parallelism ?? parallelism,
  };
}

/** Of an odd number. */
const middle = ({ ratios }: Attempt): number => ratios.toSorted((a, b) => a - b)[(ratios.length - 1) / 2] ?? Infinity;

function isBetter(attempt: Attempt): boolean {
  const { ratios, error } = attempt;
  return error <= TOLERANCE && middle(attempt) < WORTH_IT && ratios.every((ratio) => ratio < 1);
}

interface Usual {
  readonly trials: Trials;
  readonly program: CompiledProgram;
  readonly result: Float32Array;
  /** Repetitions of a measurement. */
  readonly times: number;
}

/** Races candidates against the choices that the engine has now, which it has again afterwards. */
function createRace(engine: Engine, images: number, clock: () => number) {
  const core = engine.core as CompiledEngine;
  const stopwatch = gpuStopwatch(core.device, clock);
  const { gemm, parallelism, maxSubmitFlop } = core.profile;
  const usual = { gemm, parallelism };
  const known = new Map<GemmUse, Usual>();

  const usualOf = async (use: GemmUse): Promise<Usual> => {
    const before = known.get(use);
    if (before) return before;
    const trials = createTrials(engine, use, images);
    const program = await trials.compile();
    const { result } = await program.run({});
    const once = await stopwatch.time(program.commands, 1);
    const most = Math.min(MAX_TIMES, maxSubmitFlop / (1e9 * program.report.gflop));
    const made = { trials, program, result, times: Math.ceil(Math.min(most, TURN_MS / once)) };
    known.set(use, made);
    return made;
  };
  const compile = (trials: Trials, choices: KernelChoices): Promise<CompiledProgram> => {
    core.choose(choices);
    // The body is traced at once.
    const compiled = trials.compile();
    core.choose(usual);
    return compiled;
  };
  const compare = async (other: CompiledProgram, { program, result, times }: Usual) => {
    const error = scaledError((await other.run({})).result, result);
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const before = await stopwatch.time(program.commands, times);
      ratios.push((await stopwatch.time(other.commands, times)) / before);
    }
    return { ratios, error };
  };
  return {
    run: async (candidate: Candidate): Promise<Attempt> => {
      const { changes, choices } = candidate;
      const before = await usualOf(changes === 'parallelism' ? 'weightGradient' : changes);
      try {
        const program = await compile(before.trials, choices);
        try {
          return { ...candidate, ...(await compare(program, before)) };
        } finally {
          program.dispose();
        }
      } catch {
        // Too large for the adapter, or refused by its compiler.
        return { ...candidate, ratios: [], error: Infinity };
      }
    },
    dispose: (): void => {
      for (const { trials, program } of known.values()) {
        program.dispose();
        trials.dispose();
      }
      stopwatch.dispose();
    },
  };
}
