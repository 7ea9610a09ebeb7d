import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { FitMethod } from '../domain/fit.ts';
import { DEFAULT_FIT_OPTIONS, defaultPriorSigma } from '../fit/defaults.ts';

export type Theme = 'auto' | 'light' | 'dark';
export type Frame = 'rest' | 'observed';
export type AbundanceScale = 'xh' | 'xfe';

/** What a person sets for their fits. */
export interface FitSettings {
  readonly method: FitMethod;
  readonly seed: number;
  /** σ of the prior on every [X/Fe], dex; at its default, elements that vary more keep their own wider one. */
  readonly priorSigma: number;
  /** Rest-frame wavelengths used, Å, vacuum. */
  readonly rangeFrom: number;
  readonly rangeTo: number;
  /** Spacing of the continuum's knots, Å. */
  readonly knotSpacing: number;
  /** Leave out the diffuse interstellar bands. */
  readonly maskDiffuseBands: boolean;
}

export const DEFAULT_FIT_SETTINGS: FitSettings = {
  method: DEFAULT_FIT_OPTIONS.method,
  seed: DEFAULT_FIT_OPTIONS.seed,
  priorSigma: defaultPriorSigma('Mg'),
  rangeFrom: DEFAULT_FIT_OPTIONS.range[0],
  rangeTo: DEFAULT_FIT_OPTIONS.range[1],
  knotSpacing: DEFAULT_FIT_OPTIONS.knotSpacing,
  maskDiffuseBands: false,
};

export interface Settings {
  readonly theme: Theme;
  readonly frame: Frame;
  readonly scale: AbundanceScale;
  readonly derivative: string;
  readonly showLines: boolean;
  readonly fit: FitSettings;
  readonly setTheme: (theme: Theme) => void;
  readonly setFrame: (frame: Frame) => void;
  readonly setScale: (scale: AbundanceScale) => void;
  readonly setDerivative: (label: string) => void;
  readonly setShowLines: (showLines: boolean) => void;
  readonly setFit: (change: Partial<FitSettings>) => void;
  readonly resetFit: () => void;
}

export const SETTINGS_KEY = 'maury:settings';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const pick = <T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T =>
  allowed.find((one) => one === value) ?? otherwise;

/** Fit settings from whatever storage held: each field is kept if it is still what it should be. */
export function readFitSettings(stored: unknown): FitSettings {
  const from = isObject(stored) ? stored : {};
  const number = (key: Exclude<keyof FitSettings, 'method' | 'maskDiffuseBands'>, low: number, high: number): number => {
    const value = from[key];
    return typeof value === 'number' && value >= low && value <= high ? value : DEFAULT_FIT_SETTINGS[key];
  };
  return {
    method: pick(from.method, ['cmaes', 'lm', 'mcmc'], DEFAULT_FIT_SETTINGS.method),
    seed: number('seed', 0, 2 ** 31),
    priorSigma: number('priorSigma', 0.01, 5),
    rangeFrom: number('rangeFrom', 1000, 30_000),
    rangeTo: number('rangeTo', 1000, 30_000),
    knotSpacing: number('knotSpacing', 20, 5000),
    maskDiffuseBands: from.maskDiffuseBands === true,
  };
}

/** Settings outlive a reload. */
export const createSettings = () =>
  createStore<Settings>()(
    persist(
      (set) => ({
        theme: 'auto',
        frame: 'rest',
        scale: 'xh',
        derivative: 'Mg',
        showLines: true,
        fit: DEFAULT_FIT_SETTINGS,
        setTheme: (theme) => {
          set({ theme });
        },
        setFrame: (frame) => {
          set({ frame });
        },
        setScale: (scale) => {
          set({ scale });
        },
        setDerivative: (derivative) => {
          set({ derivative });
        },
        setShowLines: (showLines) => {
          set({ showLines });
        },
        setFit: (change) => {
          set(({ fit }) => ({ fit: { ...fit, ...change } }));
        },
        resetFit: () => {
          set({ fit: DEFAULT_FIT_SETTINGS });
        },
      }),
      {
        name: SETTINGS_KEY,
        version: 1,
        storage: createJSONStorage(() => localStorage),
        partialize: ({ theme, frame, scale, derivative, showLines, fit }) => ({ theme, frame, scale, derivative, showLines, fit }),
        merge: (stored, current) => {
          if (!isObject(stored)) return current;
          return {
            ...current,
            theme: pick(stored.theme, ['auto', 'light', 'dark'], current.theme),
            frame: pick(stored.frame, ['rest', 'observed'], current.frame),
            scale: pick(stored.scale, ['xh', 'xfe'], current.scale),
            derivative: typeof stored.derivative === 'string' ? stored.derivative : current.derivative,
            showLines: typeof stored.showLines === 'boolean' ? stored.showLines : current.showLines,
            fit: readFitSettings(stored.fit),
          };
        },
      },
    ),
  );
