import { isElement, type Element } from '../domain/labels.ts';
import type { FittedLabel } from '../domain/fit.ts';
import { evaluateTrend } from './derive.ts';
import type { Calibration, Correction, ZeroPoint } from './schema.ts';

type Labels = Calibration['labels'];

/** The Sun's raw [X/Fe] and [Fe/H] as our fit gives them; a solar calibration makes every [X/H] of it 0. */
export interface SunFit {
  readonly labels: readonly Pick<FittedLabel, 'name' | 'value' | 'sigma' | 'flags'>[];
}

/** Around the Sun: how far a zero point from this one star is used. K, dex, dex. */
const REACH = { teff: 750, logg: 0.8, feh: 0.8 } as const;

/**
 * Zero points that make every [X/H] of the Sun 0 on top of the corrected [Fe/H]: z_X = [X/Fe]_raw(Sun) + [Fe/H]_corrected(Sun).
 * Elements whose solar value is dominated by its prior, or stands at a bound, get none.
 */
export function deriveZeroPoints(sun: SunFit, corrections: Labels): Calibration['abundances'] {
  const value = (name: string): number => sun.labels.find((label) => label.name === name)?.value ?? NaN;
  const raw = { teff: value('teff'), logg: value('logg'), feh: value('feh') };
  const iron: Correction | undefined = corrections.feh;
  const sunFeh = iron === undefined ? null : raw.feh - evaluateTrend(iron, raw);
  const zeroPoints: Partial<Record<Element, ZeroPoint>> = {};
  for (const label of sun.labels) {
    if (!isElement(label.name) || sunFeh === null || label.flags.some((flag) => flag !== 'uncalibrated')) continue;
    zeroPoints[label.name] = { zeroPoint: label.value + sunFeh, sigma: label.sigma };
  }
  const around = (name: keyof typeof REACH): [number, number] => [raw[name] - REACH[name], raw[name] + REACH[name]];
  return {
    range: { teff: around('teff'), logg: around('logg'), feh: around('feh') },
    zeroPoints,
    sunFeh,
    note: 'One star sets these zero points, so they are used near the Sun only; trends with T_eff, log g and [Fe/H] are not corrected.',
  };
}
