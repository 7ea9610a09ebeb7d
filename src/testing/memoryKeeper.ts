import type { Keeper } from '../state/keeper.ts';

/** A keeper for tests: what is put is copied as IndexedDB copies it, and outlives the session. */
export class MemoryKeeper implements Keeper {
  readonly records = new Map<string, unknown>();
  /** Set to make writing fail. */
  full = false;

  all(): Promise<ReadonlyMap<string, unknown>> {
    return Promise.resolve(new Map([...this.records].map(([key, record]) => [key, structuredClone(record)])));
  }

  get(key: string): Promise<unknown> {
    return Promise.resolve(structuredClone(this.records.get(key)));
  }

  put(key: string, record: object): Promise<void> {
    if (this.full) return Promise.reject(new Error('no room'));
    this.records.set(key, structuredClone(record));
    return Promise.resolve();
  }

  remove(key: string): Promise<void> {
    this.records.delete(key);
    return Promise.resolve();
  }
}
