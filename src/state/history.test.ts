import { describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { latestOnly } from './latest.ts';

describe('History', () => {
  it('undoes the newest step first and says what it was', () => {
    const undone: string[] = [];
    const history = new History(() => 0);
    for (const what of ['one', 'two']) history.push({ what, key: null, undo: () => void undone.push(what) });
    expect([history.undo(), history.undo(), history.undo()]).toEqual(['two', 'one', null]);
    expect(undone).toEqual(['two', 'one']);
  });

  it('takes the drag of a slider as one step, back to where the drag began', () => {
    let time = 0;
    let value = 3;
    const history = new History(() => time);
    for (const before of [0, 1, 2]) {
      history.push({ what: 'drag', key: 'teff', undo: () => (value = before) });
      time += 100;
    }
    time += 5000;
    history.push({ what: 'drag', key: 'teff', undo: () => (value = 3) });
    history.undo();
    expect(value).toBe(3);
    history.undo();
    expect(value).toBe(0);
    expect(history.undo()).toBeNull();
  });
});

describe('latestOnly', () => {
  it('skips what was overtaken and always honours the last request', async () => {
    const seen: number[] = [];
    let release: () => void = () => undefined;
    const ask = latestOnly<number>(async (value) => {
      seen.push(value);
      await new Promise<void>((resolve) => (release = resolve));
    });
    for (const value of [1, 2, 3, 4]) ask(value);
    expect(seen).toEqual([1]);
    release();
    await Promise.resolve().then(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(seen).toEqual([1, 4]);
  });
});
