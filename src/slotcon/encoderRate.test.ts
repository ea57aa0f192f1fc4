import { expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { presetConfig } from '../config/presets.ts';
import { ratesAt, resolveSchedule } from '../config/schedules.ts';
import { startRates } from '../config/starts/startSettings.ts';
import { optimizerScalars } from './encoderRate.ts';

const STEPS = 20;

it.each(['lars', 'sgd', 'adamw'] as const)(
  'a trained encoder stands still for a tenth of the steps, then learns at a tenth of the rate of every step, with %s',
  (optimizer) => {
    const fresh = makeConfig(presetConfig('tiny'), { optimizer, steps: STEPS, warmupSteps: 3 });
    const config = makeConfig(fresh, startRates(fresh, 100));
    const schedule = resolveSchedule(config, 100);
    for (let step = 0; step < STEPS; step++) {
      const { lr } = ratesAt(step, config, schedule);
      const scalars = optimizerScalars(config, step, lr);
      expect(scalars).toMatchObject({ lr, 'encoder.lr': lr * 0.1, encoderTrains: step < 2 ? 0 : 1 });
      // Everything else than the encoder, as in a run from scratch.
      expect(scalars).toMatchObject(optimizerScalars(fresh, step, lr));
    }
  },
);
