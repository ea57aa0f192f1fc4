import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/defaults.ts';
import { outcomesToCsv, sweepTable } from '../../config/sweep/sweepTable.ts';
import { readPhotos, sessionHarness } from '../../testing/sessionHarness.ts';
import { readStoredRuns, writeStoredRuns, type StoredRuns } from '../../testing/stored/storedRuns.node.ts';
import { createDatabase } from '../platform/database.ts';
import { differingSettings, joinCurves } from './compareRuns.ts';
import { createRunHistory, interruptedRun } from './runHistory.ts';
import { createRunStore } from './runStore.ts';
import { SERIES } from '../../signals/metrics.ts';
import { seriesValues } from './series.ts';
import { sweepsOf } from './sweepQueue.ts';

beforeEach(() => void (globalThis.indexedDB = new IDBFactory()));

/** The page at the next visit. */
async function visit(stored: StoredRuns) {
  const store = createRunStore(createDatabase(), await writeStoredRuns(stored));
  const { session } = sessionHarness();
  const history = createRunHistory(session, store, { now: () => Date.now(), newId: () => crypto.randomUUID() });
  await history.refresh();
  const curves = async (id: string) => {
    const found = await history.curves(id);
    if (!found) throw new Error(`no curves of ${id}`);
    return found;
  };
  return { session, history, curves, runs: history.store.getState().runs };
}

describe('runs stored by an earlier version', () => {
  it('are listed with everything that was stored of them', async () => {
    const stored = readStoredRuns();
    const { runs, history } = await visit(stored);
    const complete = (id: string) => ({ ...stored.runs[id], config: { ...DEFAULT_CONFIG, ...stored.runs[id].config } });
    expect(runs).toEqual(['id4', 'id3', 'id2'].map(complete));
    expect(runs[0]).toMatchObject({ scores: { miou: 0.25 }, latest: { loss: stored.curves['id4'].values.loss[5] } });
    expect(runs[0].pictures[0]).toMatchObject({ size: 64, rgb: { length: 3 * 64 * 64 }, labels: { length: 64 * 64 } });
    expect(interruptedRun(history.store.getState())?.id).toBe('id4');
  });

  it('say the step of the checkpoint that is kept, where a crash came before they were told', async () => {
    const stored = readStoredRuns();
    const { id4, ...others } = stored.runs;
    const runs = { ...others, id4: { ...id4, step: 1, checkpointStep: 1 } };
    const { history } = await visit({ ...stored, runs });
    const step = id4.checkpointStep;
    expect(step).toBeGreaterThan(1);
    expect(interruptedRun(history.store.getState())).toMatchObject({ step, checkpointStep: step });
  });

  it('are compared: curves and settings', async () => {
    const stored = readStoredRuns();
    const { runs, curves } = await visit(stored);
    const [latest, earlier] = [await curves('id4'), await curves('id3')];
    for (const { name } of SERIES.filter((known) => known.name in stored.curves['id4'].values)) {
      const joined = joinCurves([latest, earlier], name, 0.5);
      expect([...joined.steps]).toEqual([1, 2, 3, 4, 5, 6]);
      expect(joined.values[0]).not.toContain(undefined);
      expect(joined.values[1].slice(4)).toEqual([undefined, undefined]);
    }
    expect(differingSettings(runs.map(({ config }) => config)).map(({ name, values }) => [name, values])).toEqual([
      ['steps', ['60', '4', '4']],
      ['prototypes', ['16', '16', '8']],
    ]);
  });

  it('make the tables of their sweep', async () => {
    const { runs } = await visit(readStoredRuns());
    const [{ axes, outcomes, runIds }] = sweepsOf(runs);
    expect(runIds).toEqual(['id2', 'id3']);
    expect(sweepTable(axes, outcomes).rows.map(([prototypes, , loss]) => [prototypes, loss])).toEqual([
      ['8', '4.889'],
      ['16', '4.889'],
    ]);
    expect(outcomesToCsv(axes, outcomes)).toMatch(/^prototypes,seed,loss,.*\r\n8,0,4\.88.*\r\n16,0,4\.88.*\r\n$/);
  });

  it('are continued', async () => {
    const { session, history } = await visit(readStoredRuns());
    session.open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await readPhotos(session);
    vi.useRealTimers();
    await history.loadInterrupted();
    await vi.waitFor(() => expect(session.store.getState().resume).toMatchObject({ status: 'loaded', step: 5 }));
    expect([...session.series.steps()]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('runs stored by a version with other series and settings', () => {
  /** Today's runs, as one finds them that knows `lr` and not `oldLoss`, and has settings that they lack. */
  function fromOtherVersion(): StoredRuns {
    const stored = readStoredRuns();
    for (const { values } of Object.values(stored.curves)) {
      delete values.lr;
      values.oldLoss = values.loss;
    }
    for (const { latest, config } of Object.values(stored.runs)) {
      delete (latest as Record<string, number>).lr;
      delete (config as Record<string, unknown>).watchedImages;
    }
    return stored;
  }

  it('are listed, with defaults for the settings they lack', async () => {
    const { runs } = await visit(fromOtherVersion());
    expect(runs.map(({ id, config }) => [id, config.watchedImages])).toEqual([
      ['id4', DEFAULT_CONFIG.watchedImages],
      ['id3', DEFAULT_CONFIG.watchedImages],
      ['id2', DEFAULT_CONFIG.watchedImages],
    ]);
    expect(sweepsOf(runs)[0].outcomes).toHaveLength(2);
  });

  it('have no values in a series they lack, and the others unharmed', async () => {
    const { curves } = await visit(fromOtherVersion());
    const latest = await curves('id4');
    expect(seriesValues(latest, 'lr')).toEqual(new Float64Array(6).fill(NaN));
    expect(joinCurves([latest], 'lr', 0.9).values).toEqual([Array(6).fill(undefined)]);
    expect(joinCurves([latest], 'loss', 0).values).toEqual([[...readStoredRuns().curves['id4'].values.loss]]);
  });

  it('are continued with a gap in the series they lack', async () => {
    const { session, curves } = await visit(fromOtherVersion());
    session.series.restore(await curves('id4'));
    expect(session.series.count()).toBe(6);
    expect(session.series.values('lr')).toEqual(new Float64Array(6).fill(NaN));
    expect([...session.series.values('loss')]).toEqual([...readStoredRuns().curves['id4'].values.loss]);
  });
});
