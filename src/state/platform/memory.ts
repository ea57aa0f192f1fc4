/** Small values in `localStorage`. Where that is forbidden or full, nothing is remembered. */
export interface Memory {
  recall(key: string): unknown;
  remember(key: string, value: unknown): void;
}

const PREFIX = 'slotcon-tab/';

export function createMemory(storage: () => Pick<Storage, 'getItem' | 'setItem'>): Memory {
  return {
    recall: (key) => {
      try {
        const text = storage().getItem(PREFIX + key);
        return text === null ? undefined : (JSON.parse(text) as unknown);
      } catch {
        return undefined;
      }
    },
    remember: (key, value) => {
      try {
        storage().setItem(PREFIX + key, JSON.stringify(value));
      } catch {
        // Private windows and full disks.
      }
    },
  };
}

/** Entries of a recalled value; none unless it is an object. */
export function asEntries(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
