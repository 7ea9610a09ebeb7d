/**
 * First radial velocity: cross-correlation with templates in the least-squares sense. At each trial velocity each template is laid over the
 * data with its best continuum, and χ² is compared; the minimum over velocity is the maximum of the correlation of the continuum-divided
 * spectra (Zucker 2003, MNRAS 342, 1291), and over templates it picks a start for the labels.
 */
import type { Failure } from '../domain/result.ts';
import type { NativeGrid } from './lsf.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { ContinuumProfiler } from './continuum.ts';

export const RV_LIMIT = 600;
const COARSE_STEP = 30;
/** Trial velocities go a little further, so that a star at the limit has a minimum with two sides. */
const SEARCH_LIMIT = RV_LIMIT + 2 * COARSE_STEP;
const FINE_STEP = 6;
/** Fine steps to either side of the best coarse velocity. */
const FINE_REACH = 6;
/** Templates come in the order of the sequences of stars: every third spans them well enough to find a velocity, though not to rank them. */
const SCANNED_EVERY = 3;
/** Knots of the continuum while searching, Å: stiff, so that lines and not the spline decide. */
const SEARCH_KNOTS = 250;

export interface VelocityInput {
  /** ln of the observed vacuum wavelength per pixel. */
  readonly lnObserved: Float64Array;
  readonly flux: Float64Array;
  /** Inverse variance with the model-error floor; 0 where unused. */
  readonly weight: Float64Array;
  readonly grid: NativeGrid;
  /** Templates on the native grid, already at the instrument's resolution. */
  readonly templates: readonly Float64Array[];
}

export interface VelocityEstimate {
  /** km/s, λ_obs = λ_rest (1 + v/c). */
  readonly rv: number;
  readonly sigma: number;
  /** Index of the best template, and χ² of every template at its best velocity near `rv`. */
  readonly best: number;
  readonly chi2: Float64Array;
  /** χ² by which the second-best velocity (at least 250 km/s away) is worse, over the reduced χ² of the best. */
  readonly contrast: number;
}

/** Linear interpolation of a template at trial velocity `v`; 0 beyond its ends, where no pixel has weight. */
function shifted(input: VelocityInput, template: Float64Array, v: number, out: Float64Array): void {
  const { lnObserved, grid } = input;
  const origin = grid.lnStart + Math.log1p(v / SPEED_OF_LIGHT_KMS);
  for (let p = 0; p < out.length; p++) {
    const x = (lnObserved[p] - origin) / grid.lnStep;
    const i = Math.floor(x);
    out[p] = i >= 0 && i + 1 < template.length ? template[i] + (x - i) * (template[i + 1] - template[i]) : 0;
  }
}

export function isFailure(value: VelocityEstimate | Failure): value is Failure {
  return 'code' in value;
}

/** Velocity, its σ and the best template; a failure where the correlation has no significant peak. `pause` is awaited between templates. */
export async function estimateVelocity(input: VelocityInput, pause: () => Promise<void>): Promise<VelocityEstimate | Failure> {
  const { lnObserved, grid } = input;
  const reach = Math.log1p(SEARCH_LIMIT / SPEED_OF_LIGHT_KMS) + 2 * grid.lnStep;
  const lnEnd = grid.lnStart + (grid.count - 1) * grid.lnStep;
  // Only pixels that the templates cover at every trial velocity, so that χ² compares like with like.
  const weight = input.weight.map((w, p) => {
    const ln = lnObserved[p];
    return ln - reach > grid.lnStart && ln + reach < lnEnd ? w : 0;
  });
  const used = weight.reduce((count, w) => count + (w > 0 ? 1 : 0), 0);
  if (used < 50) {
    return {
      code: 'RV_NOT_FOUND',
      message: `Only ${used} good pixels are covered by the model at every velocity between −${RV_LIMIT} and +${RV_LIMIT} km/s`,
      hint: 'Widen the fitted range or relax the masks',
    };
  }
  const profiler = new ContinuumProfiler(lnObserved.map(Math.exp), input.flux, weight, SEARCH_KNOTS);
  const model = new Float64Array(lnObserved.length);
  const chi2At = (template: Float64Array, v: number): number => {
    shifted(input, template, v, model);
    return profiler.profiledChi2(model);
  };

  const velocities: number[] = [];
  for (let v = -SEARCH_LIMIT; v <= SEARCH_LIMIT; v += COARSE_STEP) velocities.push(v);
  const scan = (template: Float64Array): Float64Array => Float64Array.from(velocities, (v) => chi2At(template, v));
  let coarse = 0;
  let least = Infinity;
  for (let t = 0; t < input.templates.length; t += SCANNED_EVERY) {
    const curve = scan(input.templates[t]);
    const lowest = Math.min(...curve);
    if (lowest < least) [least, coarse] = [lowest, velocities[curve.indexOf(lowest)]];
    await pause();
  }

  // There, every template on the fine grid: the ranking of templates must not depend on where the coarse grid fell.
  const chi2 = new Float64Array(input.templates.length).fill(Infinity);
  let best = 0;
  let rv = coarse;
  let curvature = 0;
  for (const [t, template] of input.templates.entries()) {
    const fine = Float64Array.from({ length: 2 * FINE_REACH + 1 }, (_, k) => chi2At(template, coarse + (k - FINE_REACH) * FINE_STEP));
    const i = Math.min(fine.length - 2, Math.max(1, fine.indexOf(Math.min(...fine))));
    const [left, middle, right] = [fine[i - 1], fine[i], fine[i + 1]];
    const second = left - 2 * middle + right;
    const shift = second > 0 ? Math.max(-1, Math.min(1, (0.5 * (left - right)) / second)) : 0;
    chi2[t] = second > 0 ? middle - 0.125 * ((left - right) ** 2 / second) : middle;
    if (t === 0 || chi2[t] < chi2[best]) {
      best = t;
      rv = coarse + (i - FINE_REACH + shift) * FINE_STEP;
      curvature = second / FINE_STEP ** 2;
    }
    await pause();
  }

  const freedom = Math.max(1, used - profiler.basis.count);
  const reduced = Math.max(1, chi2[best] / freedom);
  const rival = Math.min(...scan(input.templates[best]).filter((_, i) => Math.abs(velocities[i] - coarse) >= 250));
  const contrast = (rival - chi2[best]) / reduced;
  if (Math.abs(rv) > SEARCH_LIMIT - COARSE_STEP / 2) {
    return {
      code: 'RV_NOT_FOUND',
      message: `No velocity between −${RV_LIMIT} and +${RV_LIMIT} km/s: the correlation is best at the end of the range`,
      hint: 'A galaxy or a quasar is redshifted beyond it; otherwise check what the flux is (not magnitudes) and the wavelength scale (Å, air or vacuum)',
    };
  }
  // 25: the chance of a noise peak that high among ~40 independent velocities and 16 templates is below 1e-3.
  if (!(contrast > 25) || !(curvature > 0)) {
    return {
      code: 'RV_NOT_FOUND',
      message: `No significant velocity: the best correlation, at ${rv.toFixed(0)} km/s, beats the next by Δχ² = ${contrast.toFixed(1)}`,
      hint: 'The spectrum may be too noisy, not of a star of type F, G or K (an M star, a hot star, a galaxy), on another wavelength scale (Å, nm), or its error column may not hold what it is taken for',
    };
  }
  return { rv, sigma: Math.sqrt((2 * reduced) / curvature), best, chi2, contrast };
}
