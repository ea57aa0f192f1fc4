import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { makeConfig } from '../../config/parse.ts';
import { CPU_ADAPTER } from '../../gpu/device.ts';
import { createEngine } from '../../ops/createEngine.ts';
import { relativeError } from '../../testing/parity/compare.ts';
import { adamw } from './adamw.ts';

/** 20 steps of torch.optim.AdamW, made by `adamw.py` beside the file. */
interface TorchSteps {
  readonly weightDecay: number;
  readonly rates: readonly number[];
  readonly shapes: readonly (readonly number[])[];
  readonly start: readonly (readonly number[])[];
  /** By step, then by parameter. */
  readonly gradients: readonly (readonly (readonly number[])[])[];
  readonly parameters: readonly (readonly (readonly number[])[])[];
  readonly exp_avg: readonly (readonly number[])[];
  readonly exp_avg_sq: readonly (readonly number[])[];
}

const torch = JSON.parse(
  readFileSync(new URL('../../testing/optimizers/adamw.json', import.meta.url), 'utf8'),
) as TorchSteps;
const config = makeConfig(DEFAULT_CONFIG, { optimizer: 'adamw', weightDecay: torch.weightDecay });

describe('AdamW against PyTorch', () => {
  it.each(torch.shapes.map((shape, index) => [shape.join('×'), index] as const))(
    'parameter of %s',
    async (_, index) => {
      const engine = await createEngine(CPU_ADAPTER);
      const shape = torch.shapes[index];
      const program = await engine.program(
        {
          parameter: shape,
          mean: shape,
          square: shape,
          gradient: shape,
          lr: [],
          biasCorrection1: [],
          rootBiasCorrection2: [],
        },
        ({ parameter, mean, square, gradient, ...scalars }) => {
          const after = adamw.update(config, shape.length, { parameter, slots: [mean, square] }, gradient, scalars);
          return { parameter: after.parameter, mean: after.slots[0], square: after.slots[1] };
        },
      );
      const zeros = new Float32Array(torch.start[index].length);
      let state: Record<'parameter' | 'mean' | 'square', Float32Array> = {
        parameter: Float32Array.from(torch.start[index]),
        mean: zeros,
        square: zeros,
      };
      for (const [step, lr] of torch.rates.entries()) {
        const scalars = adamw.scalars(config, step);
        state = await program.run({
          ...state,
          gradient: Float32Array.from(torch.gradients[step][index]),
          lr: Float32Array.of(lr),
          biasCorrection1: Float32Array.of(scalars.biasCorrection1),
          rootBiasCorrection2: Float32Array.of(scalars.rootBiasCorrection2),
        });
        expect(relativeError(state.parameter, torch.parameters[step][index]), `step ${step + 1}`).toBeLessThan(1e-6);
      }
      expect(relativeError(state.mean, torch.exp_avg[index])).toBeLessThan(1e-6);
      expect(relativeError(state.square, torch.exp_avg_sq[index])).toBeLessThan(1e-6);
    },
  );
});
