/** Nested cross-validation: what a calibration is worth for stars that took no part in it, in any way. */
import { isElement } from '../domain/labels.ts';
import { calibratedPlace, deriveLabels, type DerivedLabels } from './derive.ts';
import { correctionAt, referenceOf, type LabelFit } from './labelFit.ts';
import { CALIBRATED_NAMES, CORRECTED, type CalibratedName, type CorrectedLabel, type Place } from './names.ts';
import type { CalibrationData, ReferenceLabel } from './references.ts';

/** One label of one spectrum whose star was left out. */
export interface HeldOut {
  readonly label: CalibratedName;
  readonly star: string;
  readonly spectrum: string;
  /** Calibrated labels of the spectrum. */
  readonly place: Place;
  readonly raw: number;
  /** Of the fit. */
  readonly sigma: number;
  /** σ of [X/Fe] where the label is an element's. */
  readonly ratioSigma: number;
  readonly calibrated: number;
  readonly reference: number;
  readonly referenceSigma: number;
}

const fitsOf = (derived: DerivedLabels): Partial<Record<CorrectedLabel, LabelFit>> =>
  Object.fromEntries(CORRECTED.flatMap((name) => (derived[name] === undefined ? [] : [[name, derived[name].fit]])));

/** Every reference star calibrated by the other folds: forms, ridges, zero points and trends are chosen anew without it. */
export function heldOut(data: CalibrationData, folds: number, say: (done: number, of: number) => void = () => undefined): HeldOut[] {
  const referencesOf = new Map<string, ReferenceLabel[]>();
  for (const one of data.references) referencesOf.set(one.star, [...(referencesOf.get(one.star) ?? []), one]);
  const teff = new Map(data.spectra.map(({ star, raw }) => [star, raw.values.teff?.value ?? NaN]));
  const stars = [...new Set(data.spectra.map(({ star }) => star))]
    .filter((star) => referencesOf.has(star))
    .sort((a, b) => (teff.get(a) ?? 0) - (teff.get(b) ?? 0));
  const out: HeldOut[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const left = new Set(stars.filter((_, i) => i % folds === fold));
    const training = { ...data, references: data.references.filter(({ star }) => !left.has(star)) };
    const derived = deriveLabels(training);
    const fits = fitsOf(derived);
    for (const { id, star, raw } of data.spectra) {
      if (!left.has(star)) continue;
      const place = calibratedPlace(raw, fits);
      for (const name of CALIBRATED_NAMES) {
        const [fit, value] = [derived[name]?.fit, raw.values[name]];
        const references = referencesOf.get(star)?.filter(({ label }) => label === name) ?? [];
        if (fit === undefined || value?.measured !== true || references.length === 0) continue;
        const reference = referenceOf(references, fit.zeroPoints);
        const calibrated = isElement(name) ? value.value - correctionAt(fit, place).shift : place[name];
        out.push({
          label: name,
          star,
          spectrum: id,
          place,
          raw: value.value,
          sigma: value.sigma,
          ratioSigma: isElement(name) ? (raw.ratioSigmas[name] ?? NaN) : NaN,
          calibrated,
          reference: reference.value,
          referenceSigma: reference.sigma,
        });
      }
    }
    say(fold + 1, folds);
  }
  return out;
}
