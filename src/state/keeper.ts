/** Where the spectra of a session are kept between visits: in this browser, on this machine. */
export interface Keeper {
  /** Everything kept, by key, in no order. What comes back is only as good as what is stored: parse it. */
  all(): Promise<ReadonlyMap<string, unknown>>;
  put(key: string, record: object): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORE = 'stars';

/** Keeps in IndexedDB. Every method rejects where the browser has no room or does not allow it (private windows). */
export function indexedDbKeeper(name = 'maury'): Keeper {
  let opened: Promise<IDBDatabase> | null = null;
  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE);
      };
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(request.error ?? new Error('IndexedDB cannot be opened'));
      };
    });
    return opened;
  };
  const write = async (change: (store: IDBObjectStore) => void): Promise<void> => {
    const database = await open();
    await new Promise<void>((resolve, reject) => {
      const transaction = database.transaction(STORE, 'readwrite');
      change(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        resolve();
      };
      transaction.onabort = () => {
        reject(transaction.error ?? new Error('IndexedDB gave up writing'));
      };
    });
  };
  return {
    all: async () => {
      const database = await open();
      return new Promise((resolve, reject) => {
        const found = new Map<string, unknown>();
        const request = database.transaction(STORE, 'readonly').objectStore(STORE).openCursor();
        request.onsuccess = () => {
          const cursor = request.result;
          if (cursor === null) {
            resolve(found);
            return;
          }
          if (typeof cursor.key === 'string') found.set(cursor.key, cursor.value);
          cursor.continue();
        };
        request.onerror = () => {
          reject(request.error ?? new Error('IndexedDB cannot be read'));
        };
      });
    },
    put: (key, record) =>
      write((store) => {
        store.put(record, key);
      }),
    remove: (key) =>
      write((store) => {
        store.delete(key);
      }),
  };
}
