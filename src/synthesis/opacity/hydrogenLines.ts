/** Opacity of hydrogen's lines: their prepared profiles (`hydrogen.ts`) summed at given wavelengths. */
import { C_CGS } from '../constants.ts';
import { voigt } from '../../math/voigt.ts';
import { lowerBound } from '../../math/lowerBound.ts';
import { termValue } from '../tables/hydrogenTables.ts';
import type { HydrogenProfiles } from './hydrogen.ts';

/** Å from the centre to which the lines with extended wings are followed, and the others. */
const LONG_REACH = 300;
const SHORT_REACH = 150;
/** Doppler widths from the centre beyond which a Voigt profile is its wing. */
const CORE = 6;
/** Hz added to an offset before its logarithm is taken, so that the line's centre has one; far below a Doppler width. */
const CENTRE = 1e3;
const SQRT_PI = Math.sqrt(Math.PI);

/**
 * Adds the Balmer and Paschen lines to `target` [layer·count + i], cm⁻¹, on λ_i = lambda[i] (Å, vacuum). A wing is followed until it falls below `limit` of
 * its layer, cm⁻¹, which is taken off all of it: no step where a wing ends. Returns whether any line reaches the block.
 * Stark + Doppler profiles: Stehlé & Hutcheon (1999, A&AS 140, 93); natural and self-broadening add the difference of a Voigt and a Doppler profile, which is
 * exact where the Doppler core rules and in the wings. The fields that dissolve the upper level are those that would shift the line half-way to the next:
 * they make the far wing, so it is the wing that is cut, not the line that is scaled (Tremblay & Bergeron 2009, ApJ 696, 1755); what is cut is in the
 * continuum of dissolved levels. v_mic is negligible against hydrogen's thermal width.
 */
export function addHydrogenLines(target: Float64Array, lambda: Float64Array, profiles: HydrogenProfiles, limit: Float64Array): boolean {
  const count = lambda.length;
  const first = lambda[0];
  const end = lambda[count - 1];
  const dnu = new Float64Array(count);
  const lnDnu = new Float64Array(count);
  const kept = new Float64Array(count);
  let any = false;
  for (const { table, rows, strength, lnStrength, lnF0, gamma, doppler } of profiles) {
    const reach = table.upper <= 6 || table.lower === 3 ? LONG_REACH : SHORT_REACH;
    if (table.wavelength < first - reach || table.wavelength > end + reach) continue;
    any = true;
    const nu0 = (C_CGS * 1e8) / table.wavelength;
    // Half the distance to the next level: fields that shift the line farther dissolve its upper level.
    const dissolving = (C_CGS * (termValue(table.upper) - termValue(table.upper + 1))) / 2;
    for (let i = 0; i < count; i++) {
      dnu[i] = Math.abs((C_CGS * 1e8) / lambda[i] - nu0);
      lnDnu[i] = Math.log(dnu[i] + CENTRE);
      kept[i] = Math.exp(-((dnu[i] / dissolving) ** 4));
    }
    const offsets = table.lnOffset;
    const nO = offsets.length;
    const x0 = offsets[0];
    const layers = strength.length;
    for (let layer = 0; layer < layers; layer++) {
      const s = strength[layer];
      const width = doppler[layer];
      const lnScale = lnF0[layer];
      const row = layer * nO;
      const least = limit[layer];
      const lnLimit = Math.log(least) - lnStrength[layer];
      let last = nO - 1;
      while (last > 0 && rows[row + last] < lnLimit) last--;
      // γ/4π² of the Lorentzian per Hz, and where it falls below the limit.
      const g = gamma[layer] / (4 * Math.PI * Math.PI);
      const lorentz = Math.sqrt((s * g) / least);
      if (last === 0 && lorentz < width) continue;
      const farthest = Math.max(Math.exp(offsets[Math.min(last + 1, nO - 1)] + lnScale), lorentz);
      const span = Math.min(reach, (farthest * table.wavelength) / nu0);
      const lo = lowerBound(lambda, table.wavelength - span);
      const hi = lowerBound(lambda, table.wavelength + span);
      const damping = (Math.PI * g) / width;
      const peak = 1 / (SQRT_PI * width);
      const width2 = width * width;
      let cell = 0;
      let previous = Infinity;
      for (let i = lo; i < hi; i++) {
        const x = Math.max(lnDnu[i] - lnScale, x0);
        if (x < previous) while (cell > 0 && offsets[cell] > x) cell--;
        while (cell < nO - 2 && offsets[cell + 1] <= x) cell++;
        previous = x;
        const xa = offsets[cell];
        const fraction = (x - xa) / (offsets[cell + 1] - xa);
        const y = rows[row + cell];
        const stark = Math.exp(y + fraction * (rows[row + cell + 1] - y));
        const d = dnu[i];
        const u = d / width;
        const damped = u < CORE ? peak * (voigt(damping, u) - Math.exp(-u * u)) : (g / (d * d)) * (1 + (1.5 * width2) / (d * d));
        const at = layer * count + i;
        const opacity = s * kept[i] * (stark + damped) - least;
        if (opacity > 0) target[at] += opacity;
      }
    }
  }
  return any;
}
