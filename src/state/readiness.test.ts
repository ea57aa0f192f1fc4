import { describe, expect, it } from 'vitest';
import { presetConfig } from '../config/presets.ts';
import { startReadiness } from './readiness.ts';
import { INITIAL_SESSION, type SessionState } from './sessionState.ts';

const config = presetConfig('tiny');
const withImages = (usable: number, status: 'reading' | 'ready'): SessionState => {
  const dataset = { datasetId: 1, name: 'photos', usable, skipped: [], pictures: [] };
  return {
    ...INITIAL_SESSION,
    adapter: { status: 'ready', adapter: { backend: 'webgpu', description: 'GPU', slow: false, engine: 'compiled' } },
    images: status === 'ready' ? { status, dataset, cancelled: false } : { status, dataset, done: usable, total: 100 },
  };
};

describe('startReadiness', () => {
  it('allows a start as soon as one batch is there', () => {
    expect(startReadiness(withImages(8, 'reading'), config, 0)).toEqual({ ready: true });
    expect(startReadiness(withImages(8, 'ready'), config, 0)).toEqual({ ready: true });
  });

  it('says with the numbers what is missing', () => {
    const readiness = startReadiness(withImages(3, 'ready'), config, 0);
    expect(readiness).toMatchObject({ ready: false, why: expect.stringMatching(/3 usable images.*needs 8/) as string });
  });

  it('waits for adapter, images and valid settings', () => {
    const why = (session: SessionState, invalid = 0, conflict?: string): string => {
      const readiness = startReadiness(session, config, invalid, conflict);
      return readiness.ready ? '' : readiness.why;
    };
    expect(why(INITIAL_SESSION)).toContain('adapter');
    expect(why({ ...withImages(9, 'ready'), images: { status: 'empty' } })).toContain('images');
    expect(why(withImages(9, 'ready'), 2)).toContain('2 settings');
    expect(why(withImages(9, 'ready'), 0, 'too warm')).toBe('too warm');
    expect(why({ ...withImages(9, 'ready'), adapter: { status: 'failed' } })).toContain('Restart');
  });
});
