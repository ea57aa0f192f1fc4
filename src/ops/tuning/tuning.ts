import type { TuneMode } from '../../domain/tuneMode.ts';
import type { Adapter } from '../../gpu/device.ts';
import { choicesFromText } from '../../gpu/kernelChoices.ts';
import type { CompiledEngine } from '../compiled/compiledEngine.ts';
import type { Engine } from '../engine.ts';

/** The kernels of software adapters were chosen by measurements, and their drivers take long to compile others. */
export function usualTuning({ software }: Pick<Adapter, 'software'>): TuneMode {
  return software ? 'off' : 'on';
}

/** Lets a compiled engine take kernels that `Engine.kernels` told of; returns false for a text that names none. */
export function recallKernels(engine: Engine, kernels: string): boolean {
  const choices = choicesFromText(kernels);
  if (choices) (engine.core as CompiledEngine).choose(choices);
  return choices !== undefined;
}

/** What is to be said of a run that continues one which was computed with these kernels ('' if they are unknown). */
export function kernelNotes(engine: Engine, before: string): readonly string[] {
  if (before === '') return [];
  const now = engine.kernels();
  if (before === now) return [];
  return [
    `The checkpoint was computed with other kernels (${before}; here: ${now}): from here on losses differ in their last digits from those of an unbroken run.`,
  ];
}
