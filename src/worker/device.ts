import type { TuneMode } from '../domain/tuneMode.ts';
import { CPU_ADAPTER, openWebGpu, type Adapter } from '../gpu/device.ts';
import { UserError } from '../lib/errors.ts';
import { openCheckedEngine } from '../ops/check/openChecked.ts';
import { openFallback } from '../ops/createEngine.ts';
import type { Engine } from '../ops/engine.ts';
import { recallKernels, usualTuning } from '../ops/tuning/tuning.ts';
import type { AdapterSummary, ErrorReport, ProvenKernels } from './contracts.ts';
import { errorReport, type Post } from './post.ts';
import type { InputOf } from './requests.ts';

/** The device of the worker, and after a loss another of the same adapter. */
export interface Device {
  open(input: InputOf<'open'>): Promise<AdapterSummary>;
  /**
   * Resolves with an engine on the device; opens a new device if the last one is lost. Throws `gpu/gone` if none comes.
   */
  engine(): Promise<Engine>;
  /**
   * Like `engine`, after the fastest kernels were measured where they are wanted and not known yet. No other program may be
   * made meanwhile.
   */
  tunedEngine(onProgress: (fraction: number) => void): Promise<Engine>;
  /**
   * Resolves with true if the device is lost. Call it after an error: the browser may report the loss a little later.
   */
  isLost(): Promise<boolean>;
}

interface Opened {
  readonly adapter: Adapter;
  readonly engine: Engine;
  lost: boolean;
  /** Whether the engine has the kernels that runs take. */
  isTuned: boolean;
}

/** Delays between attempts to open a new device, in ms: a graphics process needs seconds to start again. */
const RETRY_DELAYS_MS = [0, 200, 500, 1000, 2000, 4000, 8000];
/** Time within which the browser reports a loss after the first error, in ms. */
const LOSS_REPORT_MS = 2000;

/** What a navigator tells of the machine; browsers leave out what they lack. */
export interface Machine {
  readonly gpu?: GPU;
  /** In GiB, rounded. */
  readonly deviceMemory?: number;
  /** Browser and system with their versions. */
  readonly userAgent?: string;
}

/** What isn't told by the navigator. */
interface Surroundings {
  /** Names an adapter that tells nothing of itself. */
  readonly otherName?: () => string;
  /** Another for other code of the worker. */
  readonly version?: string;
}

export function createDevice(
  post: Post,
  { gpu, deviceMemory, userAgent = '' }: Machine,
  { otherName, version = '' }: Surroundings = {},
): Device {
  let opened: Promise<Opened> | undefined;
  let proven: ProvenKernels | undefined;
  let forced: InputOf<'open'>['forceEngine'];
  let tuning: TuneMode | undefined;

  const hold = async (found: Adapter): Promise<Opened> => {
    const on = [found.description, userAgent, version].join(', ');
    const known = proven?.on === on ? proven : undefined;
    const { adapter, engine, family, problem } = await openCheckedEngine(found, {
      wanted: forced,
      proven: known?.family,
    });
    if (problem) post({ type: 'notice', error: errorReport(problem) });
    proven = family && { ...(family === known?.family && known), on, family };
    const mode = family === undefined ? 'off' : (tuning ?? usualTuning(adapter));
    const isKnown = mode === 'on' && proven?.tuned !== undefined && recallKernels(engine, proven.tuned);
    const own: Opened = { adapter, engine, lost: false, isTuned: mode === 'off' || isKnown };
    const { device } = adapter;
    void device?.lost.then(() => (own.lost = true));
    device?.addEventListener('uncapturederror', ({ error }) => {
      // Every operation on a lost device fails; its caller reports the loss.
      if (!own.lost) post({ type: 'notice', error: reportOf(error) });
    });
    return own;
  };
  const reopen = async (): Promise<Opened> => {
    for (const wait of RETRY_DELAYS_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      // A request may be refused, or answered by a device that is lost already, while the graphics process starts.
      const again = await openWebGpu(gpu, otherName)
        .then((adapter) => adapter && hold(adapter))
        .catch(() => undefined);
      if (again) return again;
    }
    throw new UserError(
      'gpu/gone',
      'The graphics device was lost and no other was given. Browsers stop giving devices after several losses in a short time: restart the browser, then continue from the last checkpoint.',
    );
  };
  const current = async (): Promise<Opened> => {
    if (!opened) throw new UserError('worker/not-open', 'The adapter was not opened before the run. Reload the page.');
    const last = await opened;
    if (!last.lost) return last;
    opened = reopen();
    opened.catch(() => (opened = Promise.resolve(last)));
    return opened;
  };
  return {
    open: async ({ forceBackend, forceEngine, tune, proven: before }) => {
      forced = forceEngine;
      tuning = tune;
      proven = before;
      const first = async (): Promise<Opened> =>
        hold(forceBackend === 'cpu' ? CPU_ADAPTER : ((await openWebGpu(gpu, otherName)) ?? (await openFallback())));
      opened = first();
      const { adapter, engine } = await opened;
      const { backend, description, software } = adapter;
      const hostBytes = deviceMemory === undefined ? undefined : deviceMemory * 2 ** 30;
      return { backend, description, slow: software, engine: engine.name, hostBytes, ...(proven && { proven }) };
    },
    engine: async () => (await current()).engine,
    tunedEngine: async (onProgress) => {
      const own = await current();
      const { adapter, engine } = own;
      if (own.isTuned) return engine;
      const { tuneKernels } = await import('../ops/tuning/tuneKernels.ts');
      const remember = (tuned: string): void => {
        proven = proven && { ...proven, tuned };
        if (proven) post({ type: 'tuned', proven });
      };
      own.isTuned = true;
      if (tuning === 'again') tuning = 'on';
      // Where it fails the engine is as it was, and a lost device shows at the next use.
      await tuneKernels(engine, { software: adapter.software, onProgress, remember }).catch(() => undefined);
      return engine;
    },
    isLost: async () => {
      const last = await opened;
      if (!last?.adapter.device) return false;
      if (!last.lost)
        await Promise.race([last.adapter.device.lost, new Promise((done) => setTimeout(done, LOSS_REPORT_MS))]);
      return last.lost;
    },
  };
}

function reportOf(error: GPUError): ErrorReport {
  const detail = error.message;
  if (error instanceof GPUOutOfMemoryError) {
    const message =
      'The graphics memory is full. Lower “Batch size” and raise “Accumulate”, lower “Crop size”, or close other programs and tabs.';
    return { code: 'gpu/out-of-memory', message, detail };
  }
  const message = 'The graphics driver refused an operation; results from here on can’t be trusted.';
  return { code: 'gpu/error', message, detail };
}
