import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../config/presets.ts';
import { masksReadiness, startReadiness } from './readiness.ts';
import { INITIAL_SESSION, type SessionState } from './session.ts';

const config = presetConfig('tiny');
const adapter = { backend: 'webgpu', description: 'GPU', slow: false, engine: 'compiled', hostBytes: 2 ** 33 } as const;
const withImages = (usable: number, status: 'reading' | 'ready'): SessionState => {
  const dataset = {
    datasetId: 1,
    name: 'photos',
    samples: false,
    usable,
    skipped: [],
    images: [],
    notes: [],
    files: undefined,
  };
  return {
    ...INITIAL_SESSION,
    adapter: { status: 'ready', adapter },
    images:
      status === 'ready'
        ? { status, dataset, canceled: false }
        : { status, dataset, done: usable, isListing: false, total: 100 },
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
    const refused = { status: 'refused', config, why: 'The largest that fits is 4.' } as const;
    expect(why({ ...withImages(9, 'ready'), memoryPlan: refused })).toBe('The largest that fits is 4.');
    expect(why({ ...withImages(9, 'ready'), memoryPlan: { ...refused, config: { ...config } } })).toBe('');
    const report = { matched: [], missing: [], unused: [], advice: undefined };
    const encoder = { status: 'encoder', name: 'a.pth', source: new Blob(), report } as const;
    expect(why({ ...withImages(9, 'ready'), resume: encoder })).toMatch(/"a.pth" doesn't fit these settings/);
  });
});

describe('masksReadiness', () => {
  const resume = { status: 'loaded', config, step: 1, name: 'a', source: new Blob(), classes: [] } as const;
  const loaded = { resume: { ...resume, keepsHistory: false, anew: false } };
  it('needs a model and all of its images', () => {
    const why = (session: SessionState): string => {
      const readiness = masksReadiness(session);
      return readiness.ready ? `${readiness.images} images` : readiness.why;
    };
    expect(why(INITIAL_SESSION)).toMatch(/Opening/);
    expect(why(withImages(8, 'ready'))).toMatch(/no model yet/);
    expect(why({ ...withImages(8, 'reading'), ...loaded })).toMatch(/Still reading/);
    expect(why({ ...withImages(0, 'ready'), ...loaded })).toMatch(/no images yet/);
    expect(why({ ...withImages(8, 'ready'), ...loaded })).toBe('8 images');
  });

  it('goes by the images of the run, as long as its model is there', () => {
    const run = {
      runId: 1,
      title: '',
      config,
      keepsHistory: false,
      startStep: 0,
      totalSteps: 9,
      notes: [],
      formats: [],
    };
    const ended = (reason: 'stopped' | 'lost'): SessionState => ({
      ...withImages(8, 'ready'),
      run: { status: 'ended', run: { ...run, imageCount: 5 }, step: 3, reason, elapsedSeconds: 1 },
    });
    expect(masksReadiness(ended('stopped'))).toEqual({ ready: true, images: 5 });
    expect(masksReadiness(ended('lost'))).toMatchObject({ ready: false });
  });
});
