/** Stars drawn from the fit's own prior, as simulation-based calibration asks (Talts et al. 2018), where our synthesis can follow it. */
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import { isElement, PARAMETERS, type LabelName, type StellarLabels } from '../../src/domain/labels.ts';
import type { FitTuning } from '../../src/fit/defaults.ts';
import { PriorModel, priorOf } from '../../src/fit/priors.ts';
import { randomStream } from '../../src/math/random.ts';

/** Labels (order of `info.labels`) of star `index` of the prior within the box and the region. */
export function drawFromPrior(info: EmulatorInfo, options: FitOptions, tuning: FitTuning, seed: number, index: number): Float64Array {
  const random = randomStream(seed, index);
  return new PriorModel(info.labels, priorOf(info, options, tuning)).draw(random);
}

/** Labels as the synthesis wants them. */
export function stellarLabels(labels: Float64Array, names: readonly LabelName[]): StellarLabels {
  const of = (name: LabelName): number => labels[names.indexOf(name)] ?? NaN;
  const [teff = NaN, logg = NaN, vmic = NaN, feh = NaN] = PARAMETERS.map(of);
  return { teff, logg, vmic, feh, xfe: Object.fromEntries(names.filter(isElement).map((name) => [name, of(name)])) };
}
