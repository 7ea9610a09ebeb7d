/** Priors as rows of a least-squares problem: −2 ln p = Σ residual². Scaled labels z = (value − centre) / halfRange. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import type { FitTuning } from './defaults.ts';
import { defaultPriorSigma } from './defaults.ts';

export interface PriorRow {
  readonly residual: number;
  /** ∂residual/∂z by parameter index. */
  readonly gradient: readonly (readonly [number, number])[];
}

/**
 * Empirical v_mic (km/s) of F, G and K stars: the Gaia-ESO relation for dwarfs (T_eff held at 5000 K below it) and giants, as published
 * with iSpec (Blanco-Cuaresma et al. 2014, A&A 569, A111), joined smoothly across log g = 3.5 and held between 0.6 and 2.5.
 */
export function empiricalVmic(teff: number, logg: number, feh: number): number {
  const g = logg - 4;
  const metal = 0.05 * feh + 0.01 * feh * feh;
  const warm = Math.max(5000, teff) - 5500;
  const dwarf = 1.05 + 2.51e-4 * warm + 1.5e-7 * warm * warm - 0.14 * g - 0.005 * g * g + metal;
  const t = teff - 5500;
  const giant = 1.25 + 4.01e-4 * t + 3.1e-7 * t * t - 0.14 * g - 0.05 * g * g + metal;
  const share = 1 / (1 + Math.exp(-(logg - 3.5) / 0.15));
  return Math.min(2.5, Math.max(0.6, share * dwarf + (1 - share) * giant));
}

/** σ of the prior on a label: Gaussian for [X/Fe] and v_mic; the box's width / √12 otherwise. */
export function priorSigmaOf(label: EmulatorInfo['labels'][number], options: FitOptions, tuning: FitTuning): number {
  if (isElement(label.name)) return options.priorSigma[label.name] ?? defaultPriorSigma(label.name);
  if (label.name === 'vmic') return options.priorSigma.vmic ?? tuning.vmicSigma;
  return (2 * label.halfRange) / Math.sqrt(12);
}

/** Gaussian priors on [X/Fe] about 0 and on v_mic about the empirical relation. */
export function gaussianRows(z: Float64Array, info: EmulatorInfo, options: FitOptions, tuning: FitTuning): PriorRow[] {
  const rows: PriorRow[] = [];
  const place = (name: string) => info.labels.findIndex((label) => label.name === name);
  const value = (i: number, fallback: number) => {
    const label = info.labels[i];
    return label === undefined ? fallback : label.centre + label.halfRange * (z[i] ?? 0);
  };
  info.labels.forEach((label, i) => {
    const sigma = priorSigmaOf(label, options, tuning);
    if (isElement(label.name)) {
      rows.push({ residual: value(i, 0) / sigma, gradient: [[i, label.halfRange / sigma]] });
    } else if (label.name === 'vmic') {
      const others = [place('teff'), place('logg'), place('feh')] as const;
      const at = (t: number, g: number, m: number) =>
        empiricalVmic(value(others[0], 5500) + t, value(others[1], 4) + g, value(others[2], 0) + m);
      const slopes = [
        (at(10, 0, 0) - at(-10, 0, 0)) / 20,
        (at(0, 0.02, 0) - at(0, -0.02, 0)) / 0.04,
        (at(0, 0, 0.02) - at(0, 0, -0.02)) / 0.04,
      ];
      const gradient: [number, number][] = [[i, label.halfRange / sigma]];
      others.forEach((j, k) => {
        const half = info.labels[j]?.halfRange;
        if (half !== undefined) gradient.push([j, (-(slopes[k] ?? 0) * half) / sigma]);
      });
      rows.push({ residual: (value(i, 1) - at(0, 0, 0)) / sigma, gradient });
    }
  });
  return rows;
}

/** Soft wall at the edge of the training range. */
export function wallRows(z: Float64Array, count: number, tuning: FitTuning): PriorRow[] {
  const rows: PriorRow[] = [];
  for (let i = 0; i < count; i++) {
    const x = z[i] ?? 0;
    const beyond = Math.abs(x) - 1;
    if (beyond > 0) rows.push({ residual: beyond / tuning.wallSigma, gradient: [[i, Math.sign(x) / tuning.wallSigma]] });
  }
  return rows;
}
