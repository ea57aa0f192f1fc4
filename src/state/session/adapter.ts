import type { Config } from '../../config/fields.ts';
import type { RunMemory } from '../../domain/runMemory.ts';
import { RequestError, WorkerLostError } from '../../worker/requestClient.ts';
import type { AdapterSummary, ProvenKernels } from '../../worker/contracts.ts';
import type { InputOf } from '../../worker/requests.ts';
import { asEntries, type Memory } from '../platform/memory.ts';
import type { SessionCore } from './core.ts';

export type AdapterState =
  | { readonly status: 'opening' }
  | { readonly status: 'ready'; readonly adapter: AdapterSummary }
  | { readonly status: 'failed' };

/** What a run with some settings takes of the adapter's memory, or why they don't fit. */
export type MemoryPlan =
  | { readonly status: 'planned'; readonly config: Config; readonly memory: RunMemory }
  | { readonly status: 'refused'; readonly config: Config; readonly why: string };

export interface AdapterSlice {
  readonly adapter: AdapterState;
  /** Of the settings that were planned last; undefined where nothing is known. */
  readonly memoryPlan: MemoryPlan | undefined;
}

export const INITIAL_ADAPTER: AdapterSlice = { adapter: { status: 'opening' }, memoryPlan: undefined };

export interface AdapterActions {
  /** Plans the memory of a run with these settings, instead of an earlier one. */
  planMemory(config: Config): void;
}

/** Why a run with exactly these settings doesn't fit the adapter, undefined if it does or isn't known to. */
export function misfitOf({ memoryPlan }: Pick<AdapterSlice, 'memoryPlan'>, config: Config): string | undefined {
  return memoryPlan?.status === 'refused' && memoryPlan.config === config ? memoryPlan.why : undefined;
}

type Forced = Pick<InputOf<'open'>, 'forceBackend' | 'forceEngine' | 'tune'>;

export type AdapterPorts = { readonly memory: Memory } & {
  readonly [Force in keyof Forced]?: Forced[Force] | undefined;
};

const PROVEN = 'provenKernels';

function recallProven(memory: Memory): ProvenKernels | undefined {
  const { on, family, tuned } = asEntries(memory.recall(PROVEN));
  if (typeof on !== 'string' || typeof family !== 'string') return undefined;
  return { on, family, ...(typeof tuned === 'string' && { tuned }) };
}

export function createAdapterSlice(
  { store, request, reportThrown }: SessionCore<AdapterSlice>,
  { memory, forceBackend, forceEngine, tune }: AdapterPorts,
): {
  readonly remember: (proven: ProvenKernels) => void;
  readonly open: () => void;
  readonly actions: AdapterActions;
} {
  let planning = new AbortController();
  const remember = (proven: ProvenKernels): void => memory.remember(PROVEN, proven);

  const open = async (): Promise<void> => {
    store.setState(INITIAL_ADAPTER);
    const proven = recallProven(memory);
    const choice = {
      ...(forceBackend && { forceBackend }),
      ...(forceEngine && { forceEngine }),
      ...(tune && { tune }),
      ...(proven && { proven }),
    };
    try {
      const adapter = await request('open', choice);
      if (adapter.proven) remember(adapter.proven);
      store.setState({ adapter: { status: 'ready', adapter } });
    } catch (thrown) {
      // A lost worker is replaced by one that opens the adapter again.
      if (!(thrown instanceof WorkerLostError)) store.setState({ adapter: { status: 'failed' } });
      reportThrown('worker/unexpected', thrown);
    }
  };
  const plan = async (config: Config): Promise<void> => {
    planning.abort();
    planning = new AbortController();
    const { signal } = planning;
    const set = (memoryPlan: MemoryPlan | undefined): void => {
      if (!signal.aborted) store.setState({ memoryPlan });
    };
    try {
      const memory = await request('planRun', { config }, { signal });
      set(memory && { status: 'planned', config, memory });
    } catch (thrown) {
      if (thrown instanceof RequestError && thrown.code === 'gpu/batch-too-large') {
        set({ status: 'refused', config, why: thrown.message });
      } else reportThrown('worker/unexpected', thrown);
    }
  };
  return { remember, open: () => void open(), actions: { planMemory: (config) => void plan(config) } };
}
