/** Column mass of a structure that is given on the optical-depth scale. */
import type { Atmosphere } from '../structure/atmosphere.ts';
import type { ContinuumOpacity } from '../opacity/continuum.ts';
import type { Populations } from '../structure/populations.ts';

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
  const ratio = tau5000.map((tau, i) => (tau * pop.density[i]) / (opacity.absorption[i * n + k] + opacity.scattering[i * n + k]));
  const lnTau = tau5000.map(Math.log);
  const slope = (lnTau[1] - lnTau[0]) / Math.log(rhox[1] / rhox[0]);
  const mass = new Float64Array(rhox.length);
  mass[0] = slope * ratio[0]; // τ ∝ m^slope above the first layer
  for (let i = 1; i < mass.length; i++) {
    const [a, b] = [ratio[i - 1], ratio[i]];
    const mean = Math.abs(b / a - 1) < 1e-6 ? a : (b - a) / Math.log(b / a);
    mass[i] = mass[i - 1] + mean * (lnTau[i] - lnTau[i - 1]);
  }
  return { ...atmosphere, rhox: mass };
}
