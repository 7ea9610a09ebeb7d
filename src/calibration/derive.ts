/** All labels of one model corrected together: first T_eff, log g and [Fe/H], which the trends of all depend on, then [X/H]. */
import { isElement } from '../domain/labels.ts';
import { NU } from './hierarchy.ts';
import { CALIBRATED_NAMES, CORRECTED, unitOf, type CalibratedName, type CorrectedLabel, type Place } from './names.ts';
import { chooseForm, correctionAt, fitLabel, labelData, referenceOf, type LabelData, type LabelFit, type Tried } from './labelFit.ts';
import type { RawLabels } from './rawLabels.ts';
import type { CalibrationData, RawSpectrum, ReferenceLabel } from './references.ts';

/** Fewer reference stars than this say nothing of a trend or a scatter. */
export const MIN_STARS = 20;
/** Rounds in which places and corrections of T_eff, log g and [Fe/H] are brought into agreement. */
const ROUNDS = 3;
const FIXED_POINT = 12;

/** One label's correction with the data it is from. */
export interface DerivedLabel {
  readonly fit: LabelFit;
  readonly data: LabelData;
  readonly tried: readonly Tried[];
}
export type DerivedLabels = Partial<Record<CalibratedName, DerivedLabel>>;
type Fits = Partial<Record<CorrectedLabel, Pick<LabelFit, 'terms' | 'theta' | 'covariance'>>>;

const rawPlace = ({ values }: RawLabels): Place => {
  const [teff, logg, feh] = CORRECTED.map((name) => values[name]?.value ?? NaN);
  return { teff: teff ?? NaN, logg: logg ?? NaN, feh: feh ?? NaN };
};

/** T_eff, log g and [Fe/H] of a spectrum as calibrated: the place whose own corrections lead from it to the raw labels, by iteration. */
export function calibratedPlace(raw: RawLabels, fits: Fits): Place {
  const start = rawPlace(raw);
  let place = start;
  for (let i = 0; i < FIXED_POINT; i++) {
    const shift = (name: CorrectedLabel): number => {
      const fit = fits[name];
      return fit === undefined ? 0 : correctionAt(fit, place).shift;
    };
    place = { teff: start.teff - shift('teff'), logg: start.logg - shift('logg'), feh: start.feh - shift('feh') };
  }
  return place;
}

/** References of the three parameters by star. */
type Known = ReadonlyMap<string, Partial<Record<CorrectedLabel, readonly ReferenceLabel[]>>>;

function knownPlaces(references: readonly ReferenceLabel[]): Known {
  const known = new Map<string, Partial<Record<CorrectedLabel, ReferenceLabel[]>>>();
  for (const reference of references) {
    if (isElement(reference.label)) continue;
    const star = known.get(reference.star) ?? {};
    star[reference.label] = [...(star[reference.label] ?? []), reference];
    known.set(reference.star, star);
  }
  return known;
}

/** Scatter of ours that is taken for likely before any correction is known, in units of a label. */
const LIKELY = 0.08;

/**
 * The best estimate of where a star is: its calibrated labels and its references, weighted by their variances. Then the difference of the two, which is what a
 * trend is fitted to, does not depend on the error of the place (errors in variables; equal variances give the mean of Bland & Altman 1986). A reference
 * that excludes our value says little of the place: a wild star must stand where it is seen, among others that outvote it.
 */
function bestPlace(spectrum: RawSpectrum, fits: Partial<Record<CorrectedLabel, LabelFit>>, known: Known): Place {
  const ours = calibratedPlace(spectrum.raw, fits);
  const references = known.get(spectrum.star);
  const mixed = (name: CorrectedLabel): number => {
    const own = references?.[name];
    if (own === undefined) return ours[name];
    const reference = referenceOf(own, fits[name]?.zeroPoints ?? {});
    const intrinsic = fits[name]?.intrinsic ?? LIKELY * unitOf(name);
    const variance = (spectrum.raw.values[name]?.sigma ?? NaN) ** 2 + intrinsic ** 2;
    const distance = (ours[name] - reference.value) ** 2 / (variance + reference.sigma ** 2);
    const [a, b] = [1 / variance, 1 / (reference.sigma ** 2 * (1 + (distance / NU) ** 2))];
    return (a * ours[name] + b * reference.value) / (a + b);
  };
  return { teff: mixed('teff'), logg: mixed('logg'), feh: mixed('feh') };
}

/** Derives the corrections of all labels that have enough reference stars. `only` limits the elements. */
export function deriveLabels(data: CalibrationData, only: (name: CalibratedName) => boolean = () => true): DerivedLabels {
  const known = knownPlaces(data.references);
  let fits: Partial<Record<CorrectedLabel, LabelFit>> = {};
  const derived: DerivedLabels = {};
  for (let round = 0; round < ROUNDS; round++) {
    const before = fits;
    const places = new Map(data.spectra.map((spectrum) => [spectrum.id, bestPlace(spectrum, before, known)]));
    const placeOf = ({ id }: RawSpectrum): Place => places.get(id) ?? { teff: NaN, logg: NaN, feh: NaN };
    const next: Partial<Record<CorrectedLabel, LabelFit>> = {};
    for (const name of CORRECTED) {
      const labelled = labelData(data, name, placeOf, () => NaN);
      if (labelled.stars.length < MIN_STARS) continue;
      const earlier = derived[name];
      // The form is chosen in the second round, when places have settled, and kept.
      const chosen =
        round === 1 || earlier === undefined
          ? chooseForm(labelled)
          : { fit: fitLabel(labelled, earlier.fit.terms, earlier.fit.ridge), tried: earlier.tried };
      if (chosen.fit === null) continue;
      next[name] = chosen.fit;
      derived[name] = { fit: chosen.fit, data: labelled, tried: chosen.tried };
    }
    fits = next;
  }
  const places = new Map(data.spectra.map((spectrum) => [spectrum.id, bestPlace(spectrum, fits, known)]));
  const iron = new Map(data.spectra.map((spectrum) => [spectrum.id, calibratedPlace(spectrum.raw, fits).feh]));
  for (const name of CALIBRATED_NAMES) {
    if (!isElement(name) || !only(name)) continue;
    const labelled = labelData(
      data,
      name,
      ({ id }) => places.get(id) ?? { teff: NaN, logg: NaN, feh: NaN },
      ({ id }) => iron.get(id) ?? NaN,
    );
    if (labelled.stars.length < MIN_STARS) continue;
    const { fit, tried } = chooseForm(labelled);
    if (fit !== null) derived[name] = { fit, data: labelled, tried };
  }
  return derived;
}
