/** Stars drawn from the fit's own prior, as simulation-based calibration asks (Talts et al. 2018), where our synthesis can follow it. */
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import { isElement, PARAMETERS, type LabelName, type StellarLabels } from '../../src/domain/labels.ts';
import type { FitTuning } from '../../src/fit/defaults.ts';
import { PriorModel, priorOf } from '../../src/fit/priors.ts';
import { randomStream } from '../../src/math/random.ts';
import { lowestLogg } from '../../src/synthesis/draw.ts';

/** Beyond, other molecules would rule the star, and the training set has none of them (src/synthesis/draw.ts). */
const MOST_CARBON = 0.15;

/**
 * Whether labels lie where the training stars do, which the box does not say: neither hot stars of low gravity nor carbon stars. The prior
 * restricted to this domain has for its posterior the fit's posterior restricted to it.
 */
export function inDomain(labels: ArrayLike<number>, names: readonly LabelName[]): boolean {
  const of = (name: LabelName): number => labels[names.indexOf(name)] ?? NaN;
  return of('logg') >= lowestLogg(of('teff')) && of('C') - of('O') <= MOST_CARBON;
}

/** Labels (order of `info.labels`) of star `index` of the prior within the box and the domain. */
export function drawFromPrior(info: EmulatorInfo, options: FitOptions, tuning: FitTuning, seed: number, index: number): Float64Array {
  const random = randomStream(seed, index);
  const names = info.labels.map(({ name }) => name);
  const prior = new PriorModel(info.labels, priorOf(info, options, tuning));
  for (;;) {
    const labels = prior.draw(random);
    if (inDomain(labels, names)) return labels;
  }
}

/** Labels as the synthesis wants them. */
export function stellarLabels(labels: Float64Array, names: readonly LabelName[]): StellarLabels {
  const of = (name: LabelName): number => labels[names.indexOf(name)] ?? NaN;
  const [teff = NaN, logg = NaN, vmic = NaN, feh = NaN] = PARAMETERS.map(of);
  return { teff, logg, vmic, feh, xfe: Object.fromEntries(names.filter(isElement).map((name) => [name, of(name)])) };
}
