import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import { palettes } from '../plots/palette.ts';
import type { Appearance, Palette } from '../plots/palette.ts';
import type { Theme } from '../state/settings.ts';

const dark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(onChange: () => void): () => void {
  const query = dark();
  query.addEventListener('change', onChange);
  return () => {
    query.removeEventListener('change', onChange);
  };
}

/** What a theme comes to here and now; also written on the document, where the style sheets look. */
export function useAppearance(theme: Theme): Appearance {
  const system = useSyncExternalStore(subscribe, () => (dark().matches ? 'dark' : 'light'));
  const appearance = theme === 'auto' ? system : theme;
  useEffect(() => {
    document.documentElement.dataset.theme = appearance;
  }, [appearance]);
  return appearance;
}

const AppearanceContext = createContext<Appearance>('light');
export const AppearanceProvider = AppearanceContext.Provider;
export const usePalette = (): Palette => palettes[useContext(AppearanceContext)];
