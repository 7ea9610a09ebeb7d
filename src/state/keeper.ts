/** Where the spectra of a session are kept between visits: in this browser, on this machine. */
export interface Keeper {
  /** Everything kept, by key, in no order. What comes back is only as good as what is stored: parse it. */
  all(): Promise<ReadonlyMap<string, unknown>>;
  /** The record of one key; undefined where there is none. */
  get(key: string): Promise<unknown>;
  put(key: string, record: object): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORE = 'stars';
/** Raised when pages of an earlier version must no longer open the store: version 1 removed every record that it could not read. */
const LAYOUT = 2;

const reasonOf = (error: DOMException | null, otherwise: string): Error => error ?? new Error(otherwise);

/**
 * Keeps in IndexedDB. Every method rejects where the browser has no room or does not allow it (private windows), and while a tab of an
 * earlier version of the page is open.
 */
export function indexedDbKeeper(name = 'maury'): Keeper {
  let opened: Promise<IDBDatabase> | null = null;
  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, LAYOUT);
      request.onupgradeneeded = () => {
        if (!request.result.objectStoreNames.contains(STORE)) request.result.createObjectStore(STORE);
      };
      request.onsuccess = () => {
        // A later version of the page may open the store at any time; this one then asks for it anew, and is refused by name.
        request.result.onversionchange = () => {
          request.result.close();
          opened = null;
        };
        resolve(request.result);
      };
      request.onblocked = () => {
        reject(new Error('another tab has an earlier version of this page open'));
      };
      request.onerror = () => {
        reject(reasonOf(request.error, 'IndexedDB cannot be opened'));
      };
    });
    // What could not be opened may open later.
    opened.catch(() => {
      opened = null;
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
        reject(reasonOf(transaction.error, 'IndexedDB gave up writing'));
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
          reject(reasonOf(request.error, 'IndexedDB cannot be read'));
        };
      });
    },
    get: async (key) => {
      const database = await open();
      return new Promise((resolve, reject) => {
        const request = database.transaction(STORE, 'readonly').objectStore(STORE).get(key);
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(reasonOf(request.error, 'IndexedDB cannot be read'));
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
