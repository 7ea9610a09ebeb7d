import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBreather } from './breather.ts';

describe('drawing what changes often', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('leaves out steps for as long as the last one took, and draws those that come later', () => {
    const draws: number[] = [];
    const breathe = createBreather();
    const step = (n: number, takes: number): void => {
      breathe(() => {
        draws.push(n);
        vi.advanceTimersByTime(takes);
      });
    };
    step(1, 100);
    vi.advanceTimersByTime(1);
    step(2, 100);
    vi.advanceTimersByTime(60);
    step(3, 100);
    expect(draws).toEqual([1]);
    vi.advanceTimersByTime(60);
    step(4, 0);
    vi.advanceTimersByTime(1);
    step(5, 0);
    vi.advanceTimersByTime(5);
    step(6, 0);
    expect(draws.slice(0, 2)).toEqual([1, 4]);
    expect(draws.at(-1)).toBe(6);
  });
});
