import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorCode } from '../../lib/errorCodes.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { Overlay } from '../../domain/reports.ts';
import type { ReportData } from '../../report/reportData.ts';
import { REPLAY_SIDE, type FromReplay, type ReplayRequest, type ToReplay } from '../../replay/messages.ts';
import type { OverlaySnapshot } from '../session/live/snapshots.ts';

export type ReplayKind = ReplayRequest['kind'];

export type ReplayState =
  | { readonly status: 'idle' }
  | { readonly status: 'exporting'; readonly kind: ReplayKind; readonly fraction: number };

export interface ReplayOptions {
  readonly kind: ReplayKind;
  /** Oldest first, at least one. */
  readonly snapshots: readonly OverlaySnapshot[];
  readonly prototypes: number;
  readonly opacity: number;
  readonly followEdges: boolean;
  readonly framesPerSecond: number;
}

/** Exports the history as an animation or a strip, one export at a time, in a worker. */
export interface Replay {
  readonly store: StoreApi<ReplayState>;
  /** Downloads the file. Resolves when it is done, was canceled, or failed, which is reported. */
  exportHistory(options: ReplayOptions): Promise<void>;
  cancel(): void;
  /** Downloads the report of a run. Resolves when it is done or failed, which is reported. */
  saveReport(data: ReportData): Promise<void>;
}

export type ReplayWorker = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export interface ReplayPorts {
  spawnWorker(): ReplayWorker;
  /** Loads a watched image with at most `longer` pixels a side; undefined if its file can't be read any more. */
  loadPhotograph(image: Overlay, longer: number): Promise<ImageBitmap | undefined>;
  download(fileName: string, source: Blob): void;
  report(code: ErrorCode, message: string): void;
}

const FILES: Readonly<Record<ReplayKind, { name: string; extension: string; mimeType: string }>> = {
  gif: { name: 'replay', extension: 'gif', mimeType: 'image/gif' },
  strip: { name: 'strip', extension: 'png', mimeType: 'image/png' },
};

export function createReplay({ spawnWorker, loadPhotograph, download, report }: ReplayPorts): Replay {
  const store = createStore<ReplayState>()(() => ({ status: 'idle' }));
  let cancel: () => void = () => undefined;
  return {
    store,
    cancel: () => {
      cancel();
    },
    exportHistory: async (options) => {
      if (store.getState().status === 'exporting') return;
      const { kind } = options;
      store.setState({ status: 'exporting', kind, fraction: 0 });
      let isEnded = false;
      const worker = spawnWorker();
      const canceled = new Promise<undefined>((resolve) => {
        cancel = () => {
          resolve(undefined);
        };
      });
      try {
        const onProgress = (fraction: number): void => {
          if (isEnded) throw new Error('canceled');
          store.setState({ status: 'exporting', kind, fraction });
        };
        const bytes = await Promise.race([encode(worker, loadPhotograph, options, onProgress), canceled]);
        if (bytes) download(fileNameOf(options), new Blob([bytes], { type: FILES[kind].mimeType }));
      } catch (error) {
        const remedy = 'Try fewer steps; the history itself is still here.';
        report('replay/failed', `The replay could not be exported: ${errorMessage(error)}. ${remedy}`);
      } finally {
        isEnded = true;
        worker.terminate();
        store.setState({ status: 'idle' }, true);
      }
    },
    saveReport: async (data) => {
      const worker = spawnWorker();
      try {
        const reply = await createRequests(worker)({ type: 'report', data });
        if (reply.type !== 'done') throw new Error(`the replay worker replied "${reply.type}" to "report"`);
        download(`slotcon-step${data.step}-report.html`, new Blob([reply.bytes], { type: 'text/html' }));
      } catch (error) {
        report('report/failed', `The report could not be made: ${errorMessage(error)}. The run itself is still here.`);
      } finally {
        worker.terminate();
      }
    },
  };
}

/** Sends images and steps one by one, so that no task of the main thread is long. */
async function encode(
  worker: ReplayWorker,
  loadPhotograph: ReplayPorts['loadPhotograph'],
  { kind, snapshots, prototypes, opacity, followEdges, framesPerSecond }: ReplayOptions,
  onProgress: (fraction: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const request = createRequests(worker);
  const watched = snapshots[0]?.overlays ?? [];
  const [steps, total] = [snapshots.length, watched.length + snapshots.length + 1];
  for (const [at, overlay] of watched.entries()) {
    const bitmap = await loadPhotograph(overlay, REPLAY_SIDE);
    if (bitmap) await request({ type: 'photograph', at, bitmap }, [bitmap]);
    onProgress((at + 1) / total);
  }
  const images = watched.map(({ dimensions, preview }) => ({ dimensions, pixels: preview }));
  await request({ type: 'begin', request: { kind, images, prototypes, opacity, framesPerSecond, steps } });
  for (const [at, { step, overlays }] of snapshots.entries()) {
    const grids = overlays.map(({ grid, edges }) => (followEdges ? edges : grid));
    await request({ type: 'step', step: { step, grids } });
    onProgress((watched.length + at + 1) / total);
  }
  const reply = await request({ type: 'finish' });
  if (reply.type !== 'done') throw new Error(`the replay worker replied "${reply.type}" to "finish"`);
  return reply.bytes;
}

/** Returns a function that sends a message and resolves to its reply; each has one. */
function createRequests(worker: ReplayWorker): (message: ToReplay, move?: Transferable[]) => Promise<FromReplay> {
  let settle: (reply: FromReplay) => void = () => undefined;
  worker.addEventListener('message', (event: MessageEvent<FromReplay>) => {
    settle(event.data);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    settle({ type: 'failed', message: event.message || 'its worker could not be loaded' });
  });
  return async (message, move = []) => {
    const replied = new Promise<FromReplay>((resolve) => (settle = resolve));
    worker.postMessage(message, move);
    const reply = await replied;
    if (reply.type !== 'failed') return reply;
    throw new Error(reply.message);
  };
}

function fileNameOf({ kind, snapshots }: ReplayOptions): string {
  const [first, last] = [snapshots[0]?.step ?? 0, snapshots.at(-1)?.step ?? 0];
  const steps = first === last ? `step${first}` : `steps${first}-${last}`;
  const { name, extension } = FILES[kind];
  return `slotcon-${name}-${steps}.${extension}`;
}

/** At most `max` items, evenly spaced, the first and the last among them. */
export function evenlySpaced<Item>(items: readonly Item[], max: number): readonly Item[] {
  if (items.length <= max) return items;
  if (max === 1) return items.slice(-1);
  return Array.from({ length: max }, (_, at) => items[Math.round((at * (items.length - 1)) / (max - 1))]);
}
