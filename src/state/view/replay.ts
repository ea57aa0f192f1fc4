import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorCode } from '../../lib/errorCodes.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { FromReplay, ReplayRequest, ToReplay } from '../../replay/messages.ts';
import type { OverlaySnapshot } from '../session/snapshots.ts';

export type ReplayKind = ReplayRequest['kind'];

export type ReplayState =
  { readonly status: 'idle' } | { readonly status: 'exporting'; readonly kind: ReplayKind; readonly fraction: number };

export interface ReplayOptions {
  readonly kind: ReplayKind;
  /** Oldest first, at least one. */
  readonly snapshots: readonly OverlaySnapshot[];
  readonly prototypes: number;
  readonly opacity: number;
  readonly pace: number;
}

/** Makes files of the history, one at a time, while everything else goes on. */
export interface Replay {
  readonly store: StoreApi<ReplayState>;
  /** Downloads the file; resolves when it is there, failed (which is reported), or was canceled. */
  exportHistory(options: ReplayOptions): Promise<void>;
  cancel(): void;
}

export type ReplayWorker = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export interface ReplayPorts {
  spawnWorker(): ReplayWorker;
  download(fileName: string, source: Blob): void;
  report(code: ErrorCode, message: string): void;
}

const MIME: Readonly<Record<ReplayKind, string>> = { gif: 'image/gif', strip: 'image/png' };
const EXTENSION: Readonly<Record<ReplayKind, string>> = { gif: 'gif', strip: 'png' };

export function createReplay({ spawnWorker, download, report }: ReplayPorts): Replay {
  const store = createStore<ReplayState>()(() => ({ status: 'idle' }));
  let cancel: () => void = () => undefined;
  return {
    store,
    cancel: () => cancel(),
    exportHistory: async (options) => {
      if (store.getState().status === 'exporting') return;
      const { kind } = options;
      store.setState({ status: 'exporting', kind, fraction: 0 });
      const worker = spawnWorker();
      const canceled = new Promise<undefined>((resolve) => (cancel = () => resolve(undefined)));
      try {
        const progress = (fraction: number): void => store.setState({ status: 'exporting', kind, fraction });
        const bytes = await Promise.race([encode(worker, options, progress), canceled]);
        if (bytes) download(fileNameOf(options), new Blob([bytes], { type: MIME[kind] }));
      } catch (error) {
        report('replay/failed', errorMessage(error));
      } finally {
        worker.terminate();
        store.setState({ status: 'idle' }, true);
      }
    },
  };
}

/** Steps go over one by one, each unpacked when its turn comes, so that no task of the page is long. */
async function encode(
  worker: ReplayWorker,
  { kind, snapshots, prototypes, opacity, pace }: ReplayOptions,
  progress: (fraction: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const ask = createAsk(worker);
  const pictures = snapshots[0]?.overlays.map(({ size, rgb }) => ({ size, rgb })) ?? [];
  await ask({ type: 'begin', request: { kind, pictures, prototypes, opacity, pace, steps: snapshots.length } });
  for (const [at, { step, overlays }] of snapshots.entries()) {
    await ask({ type: 'step', step: { step, labels: overlays.map(({ labels }) => labels) } });
    progress((at + 1) / (snapshots.length + 1));
  }
  const answer = await ask({ type: 'finish' });
  if (answer.type !== 'done') throw new Error(`the replay worker answered "${answer.type}" to the end`);
  return answer.bytes;
}

/** One question, one answer. */
function createAsk(worker: ReplayWorker): (message: ToReplay) => Promise<FromReplay> {
  let settle: (answer: FromReplay) => void = () => undefined;
  worker.addEventListener('message', (event) => settle((event as MessageEvent<FromReplay>).data));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    settle({ type: 'failed', message: event.message || 'its worker could not be loaded' });
  });
  return async (message) => {
    const answered = new Promise<FromReplay>((resolve) => (settle = resolve));
    worker.postMessage(message);
    const answer = await answered;
    if (answer.type !== 'failed') return answer;
    throw new Error(
      `The replay could not be exported: ${answer.message}. Try fewer steps; the history itself is still here.`,
    );
  };
}

function fileNameOf({ kind, snapshots }: ReplayOptions): string {
  const [first, last] = [snapshots[0]?.step ?? 0, snapshots.at(-1)?.step ?? 0];
  const steps = first === last ? `step${first}` : `steps${first}-${last}`;
  return `slotcon-${kind === 'gif' ? 'replay' : 'strip'}-${steps}.${EXTENSION[kind]}`;
}

/** At most so many, evenly spread, the first and the last among them. */
export function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  if (most === 1) return items.slice(-1);
  return Array.from({ length: most }, (_, at) => items[Math.round((at * (items.length - 1)) / (most - 1))]!);
}
