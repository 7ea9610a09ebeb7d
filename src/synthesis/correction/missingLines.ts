/**
 * Lines that stars show and the list lacks. After the known lines have been corrected, absorption that stays unexplained in the Sun, and in another star
 * where one reaches that far, is taken for a line that is missing, told apart from a weak one by there being no line in the list that could have grown.
 */
import type { Comparison } from './comparison.ts';
import type { PhysicalLine } from './lineGroups.ts';

/** Where absorption is missing: Å in vacuum, and how much of the continuum. */
export interface MissingAbsorption {
  readonly wavelength: number;
  readonly depth: number;
}

/** Unexplained absorption deeper than this fraction of the continuum, over a resolution element. */
const SHALLOWEST = 0.015;
/** Another star of the same wavelength must show at least this share of the Sun's. */
const CONFIRMED = 0.3;

const smoothed = (values: Float64Array, weight: Float64Array): Float64Array =>
  values.map((_, p) => {
    let [sum, total] = [0, 0];
    for (let k = -2; k <= 2; k++) {
      if (!((weight[p + k] ?? 0) > 0)) continue;
      const w = 3 - Math.abs(k);
      sum += w * (values[p + k] ?? 0);
      total += w;
    }
    return total >= 7 ? sum / total : 0;
  });

const at = ({ grid, observed }: Comparison, p: number): number => Math.exp(grid.lnStart + p * observed.stride * grid.lnStep);

/** Missing absorption in the first comparison, confirmed by the others where they reach; by wavelength. */
export function missingAbsorption(sun: Comparison, others: readonly Comparison[]): MissingAbsorption[] {
  const residual = smoothed(sun.residual, sun.weight);
  const witnesses = others.map((c) => ({ c, residual: smoothed(c.residual, c.weight) }));
  const out: MissingAbsorption[] = [];
  for (let p = 3; p < residual.length - 3; p++) {
    const r = residual[p] ?? 0;
    if (
      r > -SHALLOWEST ||
      r > (residual[p - 1] ?? 0) ||
      r >= (residual[p + 1] ?? 0) ||
      r > (residual[p - 2] ?? 0) ||
      r > (residual[p + 2] ?? 0)
    )
      continue;
    const wavelength = at(sun, p);
    const seen = witnesses.flatMap(({ c, residual: other }) => {
      const q = Math.round((Math.log(wavelength) - c.grid.lnStart) / (c.observed.stride * c.grid.lnStep));
      return (c.weight[q] ?? 0) > 0 ? [Math.min(other[q - 1] ?? 0, other[q] ?? 0, other[q + 1] ?? 0)] : [];
    });
    if (seen.length > 0 && !seen.some((s) => s < CONFIRMED * r)) continue;
    // the centre of the parabola through three pixels
    const [a, b] = [residual[p - 1] ?? 0, residual[p + 1] ?? 0];
    const shift = Math.max(-0.5, Math.min(0.5, (0.5 * (a - b)) / (a - 2 * r + b)));
    out.push({ wavelength: at(sun, p + shift), depth: -r });
  }
  return out;
}

/** What an independent source says is at a wavelength: species as in the list (`26.0`), wavelength (Å, air), excitation (eV) where known. */
export interface Identification {
  readonly species: string;
  readonly wavelength: number;
  readonly excitation: number | null;
}

/** Identifications within this distance of missing absorption are taken, Å. */
const SAME_LINE = 0.04;
/** What most unidentified lines of the Sun are: neutral iron from levels of high excitation (Nave et al. 1994, ApJS 94, 221). */
const USUAL = { species: '26.0', excitation: 3.8 };

/**
 * Lines to add for missing absorption: species and excitation from an identification where there is one, else what is usual; log gf so that a weak line
 * of that depth would result, by the known lines of the species nearby.
 */
export function linesToAdd(
  missing: readonly MissingAbsorption[],
  vacuumToAir: (wavelength: number) => number,
  identifications: readonly Identification[],
  sun: Comparison,
  lines: readonly PhysicalLine[],
): PhysicalLine[] {
  const sorted = [...identifications].sort((a, b) => a.wavelength - b.wavelength);
  return missing.map(({ wavelength, depth }) => {
    const air = vacuumToAir(wavelength);
    const near = sorted
      .filter((i) => Math.abs(i.wavelength - air) < SAME_LINE)
      .sort((a, b) => Math.abs(a.wavelength - air) - Math.abs(b.wavelength - air));
    const known = near.find((i) => i.excitation !== null) ?? near[0];
    const species = known?.species ?? USUAL.species;
    const excitation = known?.excitation ?? (species === '26.0' ? USUAL.excitation : 2);
    return {
      rows: [],
      species,
      wavelength: air,
      excitation,
      loggf: guess(depth, species, excitation, air, sun, lines),
      provenance: 'added',
    };
  });
}

/** log gf at which a weak line is as deep as wanted, from the weakest lines of the species that the Sun shows. */
function guess(depth: number, species: string, excitation: number, air: number, sun: Comparison, lines: readonly PhysicalLine[]): number {
  const strengths: number[] = [];
  for (const range of [150, 600, 6000]) {
    sun.strength.forEach((window, g) => {
      const line = lines[g];
      if (window === null || line?.species !== species || Math.abs(line.wavelength - air) > range) return;
      const slope = window.values.reduce((most, v) => Math.max(most, -v), 0) / Math.LN10;
      // a weak line: its depth is its slope per natural logarithm
      if (slope > 0.002 && slope < 0.05) strengths.push(line.loggf - Math.log10(slope) - (5040 / 5300) * (line.excitation - excitation));
    });
    if (strengths.length >= 3) break;
  }
  const sortedStrengths = strengths.sort((a, b) => a - b);
  const unit = sortedStrengths[sortedStrengths.length >> 1] ?? -1;
  return unit + Math.log10(depth);
}
