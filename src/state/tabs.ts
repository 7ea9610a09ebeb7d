/**
 * Other tabs of this page. They share one store of spectra, so each spectrum has one tab that keeps it: a tab holds a lock of its own name
 * for as long as it is open, and who finds a spectrum whose tab has closed may take it over.
 */
export interface Tabs {
  /** Name of this tab: no other has it, nor has had it. */
  readonly own: string;
  /** Runs `work` while no other tab runs its own. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Names of the tabs that are open now, this one among them. */
  open(): Promise<ReadonlySet<string>>;
  /** Calls `then` once, when the tab of that name has closed. */
  whenClosed(tab: string, then: () => void): void;
  /** Tells the other tabs that the kept spectrum of this key was written or removed. */
  tell(key: string): void;
  /** Calls `listener` with the key of every spectrum that another tab wrote or removed. */
  listen(listener: (key: string) => void): void;
}

const TAB = 'maury:tab:';
const TURN = 'maury:stars';

/** A page that knows of no other: for browsers without locks, where two tabs may fit the same star twice but never overwrite one another. */
const onlyTab = (own: string): Tabs => ({
  own,
  alone: (work) => work(),
  open: () => Promise.resolve(new Set([own])),
  whenClosed: () => undefined,
  tell: () => undefined,
  listen: () => undefined,
});

/** The tabs of this browser, by the Web Locks and Broadcast Channel interfaces; a page that is not served securely has no locks. */
export function browserTabs(): Tabs {
  const own = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return onlyTab(own);
  const channel = new BroadcastChannel('maury');
  const held = new Promise<void>((resolve) => {
    void locks.request(TAB + own, () => {
      resolve();
      // Until the tab closes.
      return new Promise<never>(() => undefined);
    });
  });
  return {
    own,
    alone: async (work) => {
      await held;
      return locks.request(TURN, work);
    },
    open: async () => {
      const names = ((await locks.query()).held ?? []).flatMap(({ name }) =>
        name?.startsWith(TAB) === true ? name.slice(TAB.length) : [],
      );
      return new Set([own, ...names]);
    },
    whenClosed: (tab, then) => {
      // The lock is free as soon as the tab is gone, and is given back at once.
      void locks.request(TAB + tab, () => undefined).then(then);
    },
    tell: (key) => {
      channel.postMessage(key);
    },
    listen: (listener) => {
      channel.onmessage = ({ data }) => {
        if (typeof data === 'string') listener(data);
      };
    },
  };
}
