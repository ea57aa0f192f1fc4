import { describe, expect, it } from 'vitest';
import { makeConfig } from '../config/parse.ts';
import { networkSettings } from '../config/starts/startSettings.ts';
import { defined } from '../lib/defined.ts';
import { quickCheckpoint } from '../testing/checkpoints.ts';
import { presetConfig } from '../config/presets.ts';
import { startAnew } from './startAnew.ts';

const RUN = quickCheckpoint({ optimizer: 'adamw' });
const mine = makeConfig(presetConfig('tiny'), { ...networkSettings(RUN.config), steps: 40, seed: 3 });

describe('a new run from the weights of another', () => {
  it('has all its weights, statistics, center and names, at step 0 with fresh momenta and its own settings', () => {
    const { checkpoint, match, tookHeads } = startAnew(RUN, mine);
    expect(tookHeads).toBe(true);
    expect(match.missing).toEqual([]);
    expect(checkpoint).toMatchObject({
      config: mine,
      position: { step: 0, epoch: 0, batch: 0 },
      datasetFingerprint: '',
      classes: RUN.classes,
    });
    for (const [name, { data }] of checkpoint.tensors) {
      if (name.startsWith('optimizer.'))
        expect(
          data.every((value) => value === 0),
          name,
        ).toBe(true);
      else expect(data, name).toBe(defined(RUN.tensors.get(name)).data);
    }
    // AdamW's momenta are not those of LARS.
    expect([...checkpoint.tensors.keys()].filter((name) => name.startsWith('optimizer.exp_avg'))).toEqual([]);
  });

  it.each([{ prototypes: 9 }, { outDim: 8 }, { hiddenDim: 16 }])(
    'takes the teacher’s encoder where the heads don’t fit: %j',
    (change) => {
      const { checkpoint, match, tookHeads } = startAnew(RUN, makeConfig(mine, change));
      expect(tookHeads).toBe(false);
      expect(match.missing).toEqual([]);
      const teacher = defined(RUN.tensors.get('encoder_k.conv1.weight')).data;
      for (const name of ['encoder_q.conv1.weight', 'encoder_k.conv1.weight'])
        expect(defined(checkpoint.tensors.get(name)).data).toBe(teacher);
      expect(defined(checkpoint.tensors.get('grouping_q.slot_embed.weight')).data).not.toEqual(
        defined(RUN.tensors.get('grouping_q.slot_embed.weight')).data,
      );
      expect(checkpoint.classes).toEqual([]);
    },
  );

  it('can be cut after an earlier stage, with fresh heads', () => {
    const { match, tookHeads } = startAnew(RUN, makeConfig(mine, { stages: 2 }));
    expect([match.missing, tookHeads]).toEqual([[], false]);
    expect([...match.matched.keys()].some((name) => name.startsWith('layer3'))).toBe(false);
  });
});
