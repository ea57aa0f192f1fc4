import { describe, expect, it } from 'vitest';
import { presetConfig } from '../presets.ts';
import { parseSweepAxis, sweepPoints } from './sweep.ts';
import { outcomesToCsv, sweepTable, tableToMarkdown, type SweepOutcome } from './sweepTable.ts';

const base = { ...presetConfig('tiny'), seed: 5 };
const axes = ['prototypes=8,16', 'groupLossWeight=0,0.5,1'].map(parseSweepAxis);

describe('an axis', () => {
  it('is a setting and its values, parsed by the schema', () => {
    expect(axes[1]).toEqual({ name: 'groupLossWeight', values: [0, 0.5, 1] });
    expect(parseSweepAxis('groupLossWeight=0;0,5;1')).toEqual(axes[1]);
    expect(parseSweepAxis('optimizer=lars,sgd').values).toEqual(['lars', 'sgd']);
    expect(parseSweepAxis('numPrototypes=8,16').name).toBe('prototypes');
  });

  it.each([
    ['prototypes', 'is ""'],
    ['prototypes=8', 'needs two or more different values'],
    ['prototypes=8,8.0', 'needs two or more different values'],
    ['prototypes=8,many', 'is "many"'],
    ['groupLossWeight=0,2', '0 to 1'],
    ['prototips=8,16', 'Did you mean "prototypes"'],
  ])('%s is refused', (text, why) => {
    expect(() => parseSweepAxis(text)).toThrow(why);
  });
});

describe('the points', () => {
  it('are all combinations with each seed, the last axis fastest', () => {
    const points = sweepPoints(axes, 2, base);
    expect(points).toHaveLength(12);
    expect(points.slice(0, 3).map(({ label }) => label)).toEqual([
      'prototypes=8 groupLossWeight=0 seed=5',
      'prototypes=8 groupLossWeight=0 seed=6',
      'prototypes=8 groupLossWeight=0.5 seed=5',
    ]);
    expect(points[11].overrides).toEqual({ prototypes: 16, groupLossWeight: 1, seed: 6 });
  });

  it('are refused before the first run if one is invalid or repeated, or if there are too many', () => {
    expect(() => sweepPoints([parseSweepAxis('width=0.25,0.3')], 1, base)).toThrow('base channels');
    expect(() => sweepPoints([axes[0], axes[0]], 1, base)).toThrow('swept once');
    expect(() => sweepPoints(axes, 50, base)).toThrow('300 runs');
  });
});

describe('the table', () => {
  const points = sweepPoints([axes[0]], 2, base);
  const outcomes: SweepOutcome[] = points.map((point, index) =>
    index === 3
      ? { point, measures: {}, failure: 'Broke, "badly"' }
      : { point, measures: { loss: index + 1, mIoU: 20 + index } },
  );

  it('has mean and standard deviation of the seeds, and counts failures', () => {
    const table = sweepTable([axes[0]], outcomes);
    expect(table.columns).toEqual(['Prototypes K', 'runs', 'loss', 'mIoU']);
    // Of 1 and 2, over n − 1: √0.5.
    expect(table.rows).toEqual([
      ['8', '2', '1.500 ± 0.707', '20.5 ± 0.7'],
      ['16', '1 of 2', '3.000', '22.0'],
    ]);
    expect(tableToMarkdown(table).split('\n')[2]).toBe('| 8 | 2 | 1.500 ± 0.707 | 20.5 ± 0.7 |');
  });

  it('has baselines below the runs, and leaves open what they lack', () => {
    const baselines = [5, 6].map((seed) => ({ name: 'k-means', seed, measures: { mIoU: seed, NMI: 0.5 } }));
    const table = sweepTable(axes, outcomes, baselines);
    expect(table.columns.slice(2)).toEqual(['runs', 'loss', 'mIoU', 'NMI']);
    expect(table.rows.at(-1)).toEqual(['k-means', '', '2', '–', '5.500 ± 0.707', '0.500 ± 0.000']);
    const lines = outcomesToCsv([axes[0]], outcomes, baselines).split('\r\n');
    expect([lines[0], lines[5]]).toEqual(['prototypes,seed,loss,mIoU,NMI,failure', 'k-means,5,,5,0.5,']);
  });

  it('has every run as CSV', () => {
    const lines = outcomesToCsv([axes[0]], outcomes).split('\r\n');
    expect(lines).toEqual([
      'prototypes,seed,loss,mIoU,failure',
      '8,5,1,20,',
      '8,6,2,21,',
      '16,5,3,22,',
      '16,6,,,"Broke, ""badly"""',
      '',
    ]);
  });
});
