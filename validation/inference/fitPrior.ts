/** Stars drawn from the fit's own prior, as simulation-based calibration asks (Talts et al. 2018), where our synthesis can follow it. */
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import { isElement, PARAMETERS, type LabelName, type StellarLabels } from '../../src/domain/labels.ts';
import type { FitTuning } from '../../src/fit/defaults.ts';
import { empiricalVmic, priorSigmaOf } from '../../src/fit/priors.ts';
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

/** Labels (order of `info.labels`) of star `index` of the prior within the box and the domain: flat, v_mic and [X/Fe] normal. */
export function drawFromPrior(info: EmulatorInfo, options: FitOptions, tuning: FitTuning, seed: number, index: number): Float64Array {
  const random = randomStream(seed, index);
  const names = info.labels.map(({ name }) => name);
  for (;;) {
    const labels = new Float64Array(names.length);
    // v_mic depends on the others.
    const order = [...info.labels.keys()].sort((a, b) => Number(names[a] === 'vmic') - Number(names[b] === 'vmic'));
    for (const i of order) {
      const label = info.labels[i];
      if (label === undefined) continue;
      const of = (name: LabelName): number => labels[names.indexOf(name)] ?? NaN;
      const mean = label.name === 'vmic' ? empiricalVmic(of('teff'), of('logg'), of('feh')) : 0;
      const isNormal = label.name === 'vmic' || isElement(label.name);
      do {
        labels[i] = isNormal
          ? mean + priorSigmaOf(label, options, tuning) * random.normal()
          : label.min + (label.max - label.min) * random.uniform();
      } while ((labels[i] ?? NaN) < label.min || (labels[i] ?? NaN) > label.max);
    }
    if (inDomain(labels, names)) return labels;
  }
}

/** Labels as the synthesis wants them. */
export function stellarLabels(labels: Float64Array, names: readonly LabelName[]): StellarLabels {
  const of = (name: LabelName): number => labels[names.indexOf(name)] ?? NaN;
  const [teff = NaN, logg = NaN, vmic = NaN, feh = NaN] = PARAMETERS.map(of);
  return { teff, logg, vmic, feh, xfe: Object.fromEntries(names.filter(isElement).map((name) => [name, of(name)])) };
}
