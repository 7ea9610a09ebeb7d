/** What a person sets: how the page looks and how it fits. Kept in localStorage between visits. */
import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';
import type { FitMethod } from '../domain/fit.ts';
import type { ReadOptions } from '../domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { METHOD_IDS } from '../fit/methods.ts';
import type { AbundanceScale } from '../results/rows.ts';
import { readColumns, USUAL_COLUMNS } from './sampleColumns.ts';

/** Whether calibrated values are shown, or raw ones alone. */
export type ShownValues = 'calibrated' | 'raw';

export type Theme = 'auto' | 'light' | 'dark';
export type Frame = 'rest' | 'observed';
/** What residuals are counted in: σ of noise and model, or of the noise alone. */
export type ResidualUnit = 'everything' | 'noise';

/** What a person sets for their fits. */
export interface FitSettings {
  readonly method: FitMethod;
  readonly seed: number;
  /** σ of the prior on every [X/Fe], dex; null: each element's own. */
  readonly priorSigma: number | null;
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
  priorSigma: null,
  rangeFrom: DEFAULT_FIT_OPTIONS.range[0],
  rangeTo: DEFAULT_FIT_OPTIONS.range[1],
  knotSpacing: DEFAULT_FIT_OPTIONS.knotSpacing,
  maskDiffuseBands: false,
};

export interface Settings {
  readonly theme: Theme;
  readonly frame: Frame;
  readonly scale: AbundanceScale;
  /** Calibrated values, or raw ones alone: in tables, plots and exports. */
  readonly values: ShownValues;
  readonly derivative: string;
  /** Labels of the corner plot and the traces. */
  readonly corner: readonly string[];
  /** Names of well-known features over the spectrum; and of all lines that show. */
  readonly showLines: boolean;
  readonly nameAllLines: boolean;
  readonly residualUnit: ResidualUnit;
  /** Columns of the table of the sample. */
  readonly sampleColumns: readonly string[];
  readonly fit: FitSettings;
  /** The model chosen last; null for the one that is offered first. */
  readonly model: string | null;
  /** Whether the demo star is on the page. */
  readonly demo: boolean;
  /** Whether a spectrum is fitted as soon as it has been read. */
  readonly autoFit: boolean;
  /** What a person said of files, by their layout: others of the same layout are read so, too. */
  readonly answers: Readonly<Record<string, ReadOptions>>;
  readonly setTheme: (theme: Theme) => void;
  readonly setFrame: (frame: Frame) => void;
  readonly setScale: (scale: AbundanceScale) => void;
  readonly setValues: (values: ShownValues) => void;
  readonly setDerivative: (label: string) => void;
  readonly setCorner: (labels: readonly string[]) => void;
  readonly setShowLines: (showLines: boolean) => void;
  readonly setNameAllLines: (nameAllLines: boolean) => void;
  readonly setResidualUnit: (residualUnit: ResidualUnit) => void;
  readonly setSampleColumns: (columns: readonly string[]) => void;
  readonly setFit: (change: Partial<FitSettings>) => void;
  readonly resetFit: () => void;
  readonly setModel: (model: string | null) => void;
  readonly setDemo: (demo: boolean) => void;
  readonly setAutoFit: (autoFit: boolean) => void;
  readonly setAnswer: (layout: string, answer: ReadOptions) => void;
}

/** What the corner plot shows unless told, and how many labels can still be read in it. */
const CORNER_LABELS: readonly string[] = ['teff', 'logg', 'feh', 'Mg'];
export const MOST_CORNER = 6;

/** What outlives a visit. */
const KEPT = [
  'theme',
  'frame',
  'scale',
  'derivative',
  'corner',
  'showLines',
  'nameAllLines',
  'residualUnit',
  'sampleColumns',
  'fit',
  'model',
  'demo',
  'autoFit',
  'answers',
] as const satisfies readonly (keyof Settings)[];

export const SETTINGS_KEY = 'maury:settings';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const pick = <T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T =>
  allowed.find((one) => one === value) ?? otherwise;

/** Fit settings from whatever storage held: each field is kept if it is still what it should be. */
export function readFitSettings(stored: unknown): FitSettings {
  const from = isObject(stored) ? stored : {};
  const number = <T>(key: keyof FitSettings, low: number, high: number, otherwise: T): number | T => {
    const value = from[key];
    return typeof value === 'number' && value >= low && value <= high ? value : otherwise;
  };
  const { seed, priorSigma, rangeFrom, rangeTo, knotSpacing } = DEFAULT_FIT_SETTINGS;
  const range = { rangeFrom: number('rangeFrom', 1000, 30_000, rangeFrom), rangeTo: number('rangeTo', 1000, 30_000, rangeTo) };
  return {
    method: pick(from.method, METHOD_IDS, DEFAULT_FIT_SETTINGS.method),
    seed: number('seed', 0, 2 ** 31 - 1, seed),
    priorSigma: number('priorSigma', 0.01, 5, priorSigma),
    // A range that ends before it begins is no range.
    ...(range.rangeFrom < range.rangeTo ? range : { rangeFrom, rangeTo }),
    knotSpacing: number('knotSpacing', 20, 5000, knotSpacing),
    maskDiffuseBands: from.maskDiffuseBands === true,
  };
}

/** Answers from whatever storage held: what is no answer is forgotten. */
export function readAnswers(stored: unknown): Readonly<Record<string, ReadOptions>> {
  if (!isObject(stored)) return {};
  return Object.fromEntries(
    Object.entries(stored).flatMap(([layout, answer]) => {
      if (!isObject(answer)) return [];
      const { medium, resolvingPower, errorColumn, fluxUnit } = answer;
      const kept: ReadOptions = {
        ...(medium === 'air' || medium === 'vacuum' ? { medium } : {}),
        ...(typeof resolvingPower === 'number' && resolvingPower >= 100 && resolvingPower <= 200_000 ? { resolvingPower } : {}),
        ...(typeof errorColumn === 'string' && errorColumn !== '' ? { errorColumn } : {}),
        ...(typeof fluxUnit === 'string' && fluxUnit !== '' ? { fluxUnit } : {}),
      };
      return Object.keys(kept).length === 0 ? [] : [[layout, kept]];
    }),
  );
}

/** Labels of the corner plot from whatever storage held. */
function readCorner(stored: unknown): readonly string[] {
  const names = Array.isArray(stored) ? stored.filter((name) => typeof name === 'string') : [];
  return names.length === 0 ? CORNER_LABELS : names.slice(0, MOST_CORNER);
}

/** Fit settings of version 1, where a prior σ of 0.3 meant each element's own. */
export function migrateFitSettings(stored: unknown): unknown {
  return isObject(stored) && stored['priorSigma'] === 0.3 ? { ...stored, priorSigma: null } : stored;
}

/** Settings outlive a reload. */
export const createSettings = () =>
  createStore<Settings>()(
    persist(
      (set) => ({
        theme: 'auto',
        frame: 'rest',
        scale: 'xh',
        values: 'calibrated',
        derivative: 'Mg',
        corner: CORNER_LABELS,
        showLines: true,
        nameAllLines: false,
        residualUnit: 'everything',
        sampleColumns: USUAL_COLUMNS,
        fit: DEFAULT_FIT_SETTINGS,
        model: null,
        demo: true,
        autoFit: true,
        answers: {},
        setTheme: (theme) => {
          set({ theme });
        },
        setFrame: (frame) => {
          set({ frame });
        },
        setScale: (scale) => {
          set({ scale });
        },
        setValues: (values) => {
          set({ values });
        },
        setDerivative: (derivative) => {
          set({ derivative });
        },
        setCorner: (corner) => {
          set({ corner });
        },
        setShowLines: (showLines) => {
          set({ showLines });
        },
        setNameAllLines: (nameAllLines) => {
          set({ nameAllLines });
        },
        setResidualUnit: (residualUnit) => {
          set({ residualUnit });
        },
        setSampleColumns: (sampleColumns) => {
          set({ sampleColumns });
        },
        setFit: (change) => {
          set(({ fit }) => ({ fit: { ...fit, ...change } }));
        },
        resetFit: () => {
          set({ fit: DEFAULT_FIT_SETTINGS });
        },
        setModel: (model) => {
          set({ model });
        },
        setDemo: (demo) => {
          set({ demo });
        },
        setAutoFit: (autoFit) => {
          set({ autoFit });
        },
        setAnswer: (layout, answer) => {
          set(({ answers }) => ({ answers: { ...answers, [layout]: answer } }));
        },
      }),
      {
        name: SETTINGS_KEY,
        version: 2,
        storage: createJSONStorage(() => localStorage),
        migrate: (stored) => (isObject(stored) ? { ...stored, fit: migrateFitSettings(stored.fit) } : stored),
        partialize: (settings) => Object.fromEntries(KEPT.map((name) => [name, settings[name]])),
        merge: (stored, current) => {
          if (!isObject(stored)) return current;
          return {
            ...current,
            theme: pick(stored.theme, ['auto', 'light', 'dark'], current.theme),
            frame: pick(stored.frame, ['rest', 'observed'], current.frame),
            scale: pick(stored.scale, ['xh', 'xfe'], current.scale),
            derivative: typeof stored.derivative === 'string' ? stored.derivative : current.derivative,
            corner: readCorner(stored.corner),
            showLines: typeof stored.showLines === 'boolean' ? stored.showLines : current.showLines,
            nameAllLines: stored.nameAllLines === true,
            residualUnit: pick(stored.residualUnit, ['everything', 'noise'], current.residualUnit),
            sampleColumns: readColumns(stored.sampleColumns),
            fit: readFitSettings(stored.fit),
            model: typeof stored.model === 'string' ? stored.model : null,
            demo: stored.demo !== false,
            autoFit: stored.autoFit !== false,
            answers: readAnswers(stored.answers),
          };
        },
      },
    ),
  );
