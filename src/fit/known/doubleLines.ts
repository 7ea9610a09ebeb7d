/**
 * Two stars in one spectrum, and stars that rotate fast. Lines broader than the spectrograph's are one or the other; which, two shifted copies of the
 * model tell, where they describe the spectrum better than one broadened model.
 */
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { dot } from '../../math/dot.ts';
import { convolveLnGrid } from '../../spectra/lsf.ts';
import { resolvingPowerAt } from '../../spectra/resolvingPower.ts';
import type { Look } from './look.ts';

/** Reach and step of the velocities of the two about that of the fit, km/s. */
const REACH = 480;
const STEP = 20;

export interface TwoStars {
  /** km/s about the velocity of the fit, that of the stronger lines first. */
  readonly velocities: readonly [number, number];
  /** Strength of the weaker lines over that of the stronger. */
  readonly ratio: number;
  /** χ² of the one broadened model less that of the two, over the reduced χ² of the two, and the share of the lines' χ² that this is. */
  readonly gain: number;
  readonly share: number;
}

/** The best pair of copies of the model's lines, at the resolving power that the file states; null where none is better than one. */
export function twoStars(look: Look): TwoStars | null {
  const { objective, at, info, continuum, model, flux, spectrum } = look;
  const { surveyWeight: weight, lnWavelength } = objective.first.data;
  const nominal = Math.min(info.resolvingPower, resolvingPowerAt(spectrum.lsf, 5500));
  const lines = convolveLnGrid(at.native, info.grid.lnStep, info.resolvingPower, nominal).map((value) => value - 1);
  const used = [...weight.keys()].filter((p) => (weight[p] ?? 0) > 0);
  const offsets = Array.from({ length: (2 * REACH) / STEP + 1 }, (_, k) => k * STEP - REACH);
  const root = used.map((p) => Math.sqrt(weight[p] ?? 0));
  const columns = offsets.map((offset) => {
    const origin = info.grid.lnStart + Math.log1p((look.rv.value + offset) / SPEED_OF_LIGHT_KMS);
    return Float64Array.from(used, (p, k) => {
      const x = ((lnWavelength[p] ?? NaN) - origin) / info.grid.lnStep;
      const i = Math.floor(x);
      const [a = 0, b = 0] = [lines[i], lines[i + 1]];
      return (root[k] ?? 0) * (continuum[p] ?? 0) * (a + (x - i) * (b - a));
    });
  });
  const target = Float64Array.from(used, (p, k) => (root[k] ?? 0) * ((flux[p] ?? 0) - (continuum[p] ?? 0)));
  const one = used.reduce((sum, p, k) => sum + ((root[k] ?? 0) * ((flux[p] ?? 0) - (continuum[p] ?? 0) * (model[p] ?? 0))) ** 2, 0);
  const all = dot(target, target);
  const own = columns.map((column) => dot(column, target));
  let best: { gain: number; i: number; j: number; a: number; b: number } | null = null;
  for (const [i, first] of columns.entries()) {
    const ii = dot(first, first);
    for (let j = i + 4; j < columns.length; j++) {
      const second = columns[j] ?? first;
      const [ij, jj] = [dot(first, second), dot(second, second)];
      const determinant = ii * jj - ij * ij;
      const [bi, bj] = [own[i] ?? 0, own[j] ?? 0];
      const [a, b] = [(jj * bi - ij * bj) / determinant, (ii * bj - ij * bi) / determinant];
      if (!(Math.min(a, b) > 0.12 * Math.max(a, b))) continue;
      const gain = a * bi + b * bj;
      if (best === null || gain > best.gain) best = { gain, i, j, a, b };
    }
  }
  if (best === null) return null;
  const two = all - best.gain;
  const reduced = Math.max(1, two / used.length);
  if (!(one > two)) return null;
  const pair = [offsets[best.i] ?? NaN, offsets[best.j] ?? NaN] as const;
  return {
    velocities: best.a >= best.b ? pair : [pair[1], pair[0]],
    ratio: Math.min(best.a, best.b) / Math.max(best.a, best.b),
    gain: (one - two) / reduced,
    share: (one - two) / Math.max(1e-9, all - two),
  };
}
