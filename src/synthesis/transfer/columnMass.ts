import type { Atmosphere } from '../structure/atmosphere.ts';
import type { ContinuumOpacity } from '../opacity/continuum.ts';
import type { Populations } from '../structure/eos.ts';

/**
 * A structure whose depth is given as optical depth at 5000 Å keeps T and P on that scale: the column mass follows from our opacity, dm = dτ/κ
 * (it returns the published one when the composition is the model's own). Others are returned as they are.
 */
export function withColumnMass(atmosphere: Atmosphere, opacity: ContinuumOpacity, pop: Populations): Atmosphere {
  const { tau5000, rhox } = atmosphere;
  if (!tau5000) return atmosphere;
  const n = opacity.wavelength.length;
  const k = opacity.wavelength.findIndex((w) => w >= 5000);
  // τ/κ, g cm⁻²
  const ratio = tau5000.map(
    (tau, i) => (tau * (pop.density[i] ?? NaN)) / ((opacity.absorption[i * n + k] ?? NaN) + (opacity.scattering[i * n + k] ?? NaN)),
  );
  const lnTau = tau5000.map(Math.log);
  const slope = ((lnTau[1] ?? 0) - (lnTau[0] ?? 0)) / Math.log((rhox[1] ?? 0) / (rhox[0] ?? 1));
  const mass = new Float64Array(rhox.length);
  mass[0] = slope * (ratio[0] ?? NaN); // τ ∝ m^slope above the first layer
  for (let i = 1; i < mass.length; i++) {
    const [a, b] = [ratio[i - 1] ?? NaN, ratio[i] ?? NaN];
    const mean = Math.abs(b / a - 1) < 1e-6 ? a : (b - a) / Math.log(b / a);
    mass[i] = (mass[i - 1] ?? 0) + mean * ((lnTau[i] ?? 0) - (lnTau[i - 1] ?? 0));
  }
  return { ...atmosphere, rhox: mass };
}
