import { WorkerLostError } from '../../worker/client.ts';
import type { AdapterSummary } from '../../worker/contracts.ts';
import type { InputOf } from '../../worker/requests.ts';
import type { SessionCore } from './core.ts';

export type AdapterState =
  | { readonly status: 'opening' }
  | { readonly status: 'ready'; readonly adapter: AdapterSummary }
  | { readonly status: 'failed' };

export interface AdapterSlice {
  readonly adapter: AdapterState;
}

export const INITIAL_ADAPTER: AdapterSlice = { adapter: { status: 'opening' } };

/** Returns a function that opens the adapter in a new worker. */
export function createAdapterSlice({ store, request, reportThrown }: SessionCore<AdapterSlice>) {
  return async (choice: InputOf<'open'>): Promise<void> => {
    store.setState({ adapter: { status: 'opening' } });
    try {
      const adapter = await request('open', choice);
      store.setState({ adapter: { status: 'ready', adapter } });
    } catch (thrown) {
      // A lost worker is replaced by one that opens the adapter again.
      if (!(thrown instanceof WorkerLostError)) store.setState({ adapter: { status: 'failed' } });
      reportThrown('worker/unexpected', thrown);
    }
  };
}
