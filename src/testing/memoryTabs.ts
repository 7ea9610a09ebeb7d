import type { Tabs } from '../state/tabs.ts';

/** The tabs of a browser, for tests: each `openTab` is one, until it is closed. */
export class MemoryBrowser {
  private readonly open = new Map<string, (key: string) => void>();
  private readonly waiting: { readonly tab: string; readonly then: () => void }[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private count = 0;

  openTab(): Tabs {
    const own = `tab ${String(++this.count)}`;
    this.open.set(own, () => undefined);
    return {
      own,
      alone: (work) => {
        const mine = this.turn.then(work);
        this.turn = mine.catch(() => undefined);
        return mine;
      },
      open: () => Promise.resolve(new Set(this.open.keys())),
      whenClosed: (tab, then) => {
        this.waiting.push({ tab, then });
      },
      tell: (key) => {
        for (const [tab, listener] of this.open) if (tab !== own) listener(key);
      },
      listen: (listener) => {
        this.open.set(own, listener);
      },
    };
  }

  close(tab: string): void {
    this.open.delete(tab);
    for (const one of this.waiting) if (one.tab === tab) one.then();
  }
}
