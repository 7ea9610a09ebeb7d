/** What a calibration corrects: T_eff [K], log g, [Fe/H], and [X/H] of an element under its symbol. */
import { ELEMENTS, isElement, type Element } from '../domain/labels.ts';

/** The labels that trends depend on, and the first to be corrected. */
export const CORRECTED = ['teff', 'logg', 'feh'] as const;
export type CorrectedLabel = (typeof CORRECTED)[number];
export type CalibratedName = CorrectedLabel | Element;

/** T_eff, log g, [Fe/H]: K, dex, dex. */
export type Place = Readonly<Record<CorrectedLabel, number>>;

export const CALIBRATED_NAMES: readonly CalibratedName[] = [...CORRECTED, ...ELEMENTS];

/** What counts as much as a dex of an abundance: the size of a plausible slope, of a zero point, of a prior. */
export const unitOf = (name: CalibratedName): number => (name === 'teff' ? 1000 : name === 'logg' ? 2 : 1);

/** As the field writes it: `T_eff`, `log g`, `[Fe/H]`, `[Mg/H]`. */
export function calibratedTitle(name: string): string {
  if (name === 'teff') return 'T_eff';
  if (name === 'logg') return 'log g';
  return name === 'feh' || name === 'Fe' ? '[Fe/H]' : `[${name}/H]`;
}

/** `K` or `dex`. */
export const calibratedUnit = (name: string): 'K' | 'dex' => (name === 'teff' ? 'K' : 'dex');

/**
 * The label that a person's word for it means: `teff`, `Teff`, `logg`, `feh`, `Fe_H`, `[Fe/H]`, `Mg_H`, `[Mg/H]`, `Mg`; null where it means none of ours.
 */
export function calibratedNameOf(word: string): CalibratedName | null {
  const plain = word.trim().replace(/[[\]\s]/g, '');
  const lower = plain.toLowerCase();
  if (['teff', 't_eff'].includes(lower)) return 'teff';
  if (['logg', 'log_g'].includes(lower)) return 'logg';
  if (['feh', 'fe_h', 'fe/h', 'fe'].includes(lower)) return 'feh';
  const symbol = /^([A-Z][a-z]?)(?:[_/]?H)?$/.exec(plain)?.[1] ?? '';
  return isElement(symbol) ? symbol : null;
}
