import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_FIT_SETTINGS, SETTINGS_KEY, createSettings, readFitSettings } from './settings.ts';

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});

describe('settings', () => {
  it('outlive a reload', () => {
    const first = createSettings().getState();
    first.setTheme('dark');
    first.setFit({ method: 'lm', seed: 7 });
    const second = createSettings().getState();
    expect(second.theme).toBe('dark');
    expect(second.fit).toEqual({ ...DEFAULT_FIT_SETTINGS, method: 'lm', seed: 7 });
  });

  it('keep what is still sound of a damaged store and take the defaults for the rest', () => {
    const state = { theme: 'purple', scale: 'xfe', fit: { method: 'magic', seed: -4, knotSpacing: 300 } };
    kept.set(SETTINGS_KEY, JSON.stringify({ version: 1, state }));
    const { theme, scale, fit } = createSettings().getState();
    expect({ theme, scale }).toEqual({ theme: 'auto', scale: 'xfe' });
    expect(fit).toEqual({ ...DEFAULT_FIT_SETTINGS, knotSpacing: 300 });
  });

  it('what was said of files of a layout is kept, and what is no answer is not', () => {
    createSettings().getState().setAnswer('text: wave, flux', { medium: 'air', resolvingPower: 2000 });
    expect(createSettings().getState().answers).toEqual({ 'text: wave, flux': { medium: 'air', resolvingPower: 2000 } });
    const state = { answers: { a: { medium: 'water', resolvingPower: 3000 }, b: { resolvingPower: -1 }, c: 7 } };
    kept.set(SETTINGS_KEY, JSON.stringify({ version: 2, state }));
    expect(createSettings().getState().answers).toEqual({ a: { resolvingPower: 3000 } });
  });

  it('survive a store that is not even an object', () => {
    expect(readFitSettings('nonsense')).toEqual(DEFAULT_FIT_SETTINGS);
    kept.set(SETTINGS_KEY, JSON.stringify({ version: 1, state: 4 }));
    expect(createSettings().getState().theme).toBe('auto');
  });
});
