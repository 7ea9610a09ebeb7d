/** The correction of one label from all that is known of it. */
import type { CalibratedName, Place } from './names.ts';
import { unitOf } from './names.ts';
import { fitHierarchy, NU, type Group, type HierarchicalFit, type Observation } from './hierarchy.ts';
import type { CalibrationData, RawSpectrum, ReferenceLabel } from './references.ts';
import { isElement } from '../domain/labels.ts';
import { FORMS, priorOf, termValues, type TermName } from './terms.ts';

/** σ of a source's zero point against the scale's, in units of the label. */
const ZERO_POINT = 0.05;
/** The largest intrinsic scatter thinkable, in units of the label. */
const MOST = 0.4;
/** Cosmic scatter of [X/Fe] among near-solar dwarfs, dex: the spread of the thin disc at one [Fe/H] (Bensby et al. 2014, A&A 562, A71). */
const COSMIC = 0.06;
/** Which field stars are near-solar dwarfs: K, dex, dex of their calibrated labels. */
export const NEAR_SOLAR = { teff: [4500, 6700], logg: [4, 5], feh: [-0.2, 0.2] } as const;

/** Data about one label, ready to be fitted with any terms. */
export interface LabelData {
  readonly label: CalibratedName;
  readonly sources: readonly string[];
  readonly stars: readonly StarData[];
  readonly shared: readonly SharedData[];
}

export interface StarData {
  readonly star: string;
  readonly ours: readonly { readonly place: Place; readonly value: number; readonly sigma: number }[];
  readonly references: readonly ReferenceLabel[];
}

interface SharedData {
  readonly id: string;
  readonly kind: 'cluster' | 'pair' | 'field';
  readonly members: readonly { readonly place: Place; readonly value: number; readonly sigma: number }[];
}

export interface LabelFit extends HierarchicalFit {
  readonly terms: readonly TermName[];
  /** σ of the priors over their usual size. */
  readonly ridge: number;
  readonly zeroPoints: Readonly<Record<string, number>>;
}

export const isNearSolarDwarf = ({ teff, logg, feh }: Place): boolean =>
  teff > NEAR_SOLAR.teff[0] &&
  teff < NEAR_SOLAR.teff[1] &&
  logg > NEAR_SOLAR.logg[0] &&
  logg < NEAR_SOLAR.logg[1] &&
  feh > NEAR_SOLAR.feh[0] &&
  feh < NEAR_SOLAR.feh[1];

/**
 * Observations of one label. `placeOf` gives the best T_eff, log g and [Fe/H] of a spectrum; `ironOf` its calibrated [Fe/H], with which the field's [X/Fe] is
 * counted.
 */
export function labelData(
  data: CalibrationData,
  label: CalibratedName,
  placeOf: (spectrum: RawSpectrum) => Place,
  ironOf: (spectrum: RawSpectrum) => number,
): LabelData {
  const usable = data.spectra.flatMap((spectrum) => {
    const value = spectrum.raw.values[label];
    const place = placeOf(spectrum);
    const known = value?.measured === true && Number.isFinite(value.value + value.sigma + place.teff + place.logg + place.feh);
    return known ? [{ spectrum, place, value: value.value, sigma: value.sigma }] : [];
  });
  const referencesOf = new Map<string, ReferenceLabel[]>();
  for (const reference of data.references) {
    if (reference.label !== label) continue;
    referencesOf.set(reference.star, [...(referencesOf.get(reference.star) ?? []), reference]);
  }
  const stars = [...referencesOf].flatMap(([star, references]): StarData[] => {
    const ours = usable.filter(({ spectrum }) => spectrum.star === star);
    return ours.length > 0 ? [{ star, ours, references }] : [];
  });
  const free = data.exact;
  const sources = [...new Set(stars.flatMap(({ references }) => references.map(({ source }) => source)))].filter(
    (source) => source !== data.scale && !free.includes(source),
  );
  const births = (list: CalibrationData['clusters'], kind: 'cluster' | 'pair'): SharedData[] =>
    list.flatMap(({ id, spectra }) => {
      const members = usable.filter(({ spectrum }) => spectra.includes(spectrum.id));
      return members.length > 1 ? [{ id, kind, members }] : [];
    });
  const composition = label !== 'teff' && label !== 'logg';
  const field = !isElement(label)
    ? []
    : usable.flatMap(({ spectrum, place, value, sigma }) => {
        const iron = ironOf(spectrum);
        if (!data.field.includes(spectrum.id) || !isNearSolarDwarf(place) || !Number.isFinite(iron)) return [];
        return [{ place, value: value - iron, sigma: Math.hypot(spectrum.raw.ratioSigmas[label] ?? sigma, COSMIC) }];
      });
  return {
    label,
    sources,
    stars,
    shared: [
      ...(composition ? births(data.clusters, 'cluster') : []),
      ...(composition ? births(data.pairs, 'pair') : []),
      ...(field.length > 1 ? [{ id: 'field', kind: 'field' as const, members: field }] : []),
    ],
  };
}

function groupsOf(data: LabelData, terms: readonly TermName[]): Group[] {
  const none = data.sources.map(() => 0);
  const zero = terms.map(() => 0);
  const ours = ({ place, value, sigma }: StarData['ours'][number]): Observation => ({
    row: [...termValues(terms, place), ...none],
    y: value,
    variance: sigma ** 2,
    ours: true,
  });
  return [
    ...data.stars.map((star): Group => ({
      id: star.star,
      kind: 'star',
      observations: [
        ...star.ours.map(ours),
        ...star.references.map(({ source, value, sigma }): Observation => ({
          row: [...zero, ...data.sources.map((one) => (one === source ? 1 : 0))],
          y: value,
          variance: sigma ** 2,
          ours: false,
        })),
      ],
    })),
    ...data.shared.map(({ id, members }): Group => ({ id, kind: 'shared', observations: members.map(ours) })),
  ];
}

/** Fits one form at one strength of the ridge. Null where the data do not determine it. */
export function fitLabel(data: LabelData, terms: readonly TermName[], ridge: number, intrinsic: number | null = null): LabelFit | null {
  const unit = unitOf(data.label);
  const prior = [
    ...terms.map((term) => unit * priorOf(term) * (term === 'constant' ? 1 : ridge)),
    ...data.sources.map(() => unit * ZERO_POINT),
  ];
  const fit = fitHierarchy(groupsOf(data, terms), prior, MOST * unit, intrinsic);
  if (fit === null) return null;
  const zeroPoints = Object.fromEntries(data.sources.map((source, k) => [source, fit.theta[terms.length + k] ?? 0]));
  return { ...fit, terms, ridge, zeroPoints };
}

/** What a fit takes away from a raw value at a place, and the variance of that. */
export function correctionAt(fit: Pick<LabelFit, 'terms' | 'theta' | 'covariance'>, place: Place): { shift: number; variance: number } {
  const row = termValues(fit.terms, place);
  const n = fit.theta.length;
  const shift = row.reduce((sum, x, k) => sum + x * (fit.theta[k] ?? 0), 0);
  const variance = row.reduce((sum, x, i) => sum + row.reduce((inner, y, j) => inner + x * y * (fit.covariance[i * n + j] ?? 0), 0), 0);
  return { shift, variance };
}

/** The references of a star as one, on the scale of the calibration: mean weighted by their errors, and its σ. */
export function referenceOf(references: readonly ReferenceLabel[], zeroPoints: LabelFit['zeroPoints']): { value: number; sigma: number } {
  const weights = references.map(({ sigma }) => 1 / sigma ** 2);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const value = references.reduce((sum, r, i) => sum + (r.value - (zeroPoints[r.source] ?? 0)) * (weights[i] ?? 0), 0) / total;
  return { value, sigma: 1 / Math.sqrt(total) };
}

/** −ln of Student's density of a residual in its σ, but for constants: a wild star cannot choose the form. */
const lossOf = (u: number): number => ((NU + 1) / 2) * Math.log(1 + (u * u) / NU);

/** Losses of members that were left out, about the mean of the others: what they share is not known otherwise. */
function sharedLosses(fit: LabelFit, inside: SharedData['members'], outside: SharedData['members']): number[] {
  const corrected = inside.map(({ place, value, sigma }) => ({
    value: value - correctionAt(fit, place).shift,
    weight: 1 / (sigma ** 2 + fit.intrinsic ** 2),
  }));
  const total = corrected.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return [];
  const mean = corrected.reduce((sum, { value, weight }) => sum + value * weight, 0) / total;
  return outside.map(({ place, value, sigma }) =>
    lossOf((value - correctionAt(fit, place).shift - mean) / Math.hypot(sigma, fit.intrinsic, 1 / Math.sqrt(total))),
  );
}

const FOLDS = 8;
const RIDGES = [0.25, 0.5, 1] as const;
/** A richer form has to be better by so many standard errors of the difference: few, since the ridge holds it already. */
const EARNED = 0.1;

export interface Tried {
  readonly form: number;
  readonly ridge: number;
  /** Mean loss of what was left out. */
  readonly loss: number;
}

/**
 * The form and the strength of its ridge by cross-validation over stars: the simplest whose loss is within `EARNED` standard errors of the best
 * (after Hastie, Tibshirani & Friedman 2009, section 7.10). Stars are dealt to folds in order of T_eff, so that each has all sorts.
 */
export function chooseForm(data: LabelData): { readonly fit: LabelFit | null; readonly tried: readonly Tried[] } {
  const scouting = fitLabel(data, FORMS.at(-1) ?? ['constant'], 0.5);
  if (scouting === null) return { fit: null, tried: [] };
  const { intrinsic } = scouting;
  const order = [...data.stars].sort((a, b) => (a.ours[0]?.place.teff ?? 0) - (b.ours[0]?.place.teff ?? 0));
  const isOut = (i: number, f: number): boolean => i % FOLDS === f;
  const folds = Array.from({ length: FOLDS }, (_, f) => ({
    out: order.filter((_star, i) => isOut(i, f)),
    outOf: (group: SharedData) => group.members.filter((_member, i) => isOut(i, f)),
    inOf: (group: SharedData) => group.members.filter((_member, i) => !isOut(i, f)),
    data: {
      ...data,
      stars: order.filter((_star, i) => !isOut(i, f)),
      shared: data.shared.map((group) => ({ ...group, members: group.members.filter((_member, i) => !isOut(i, f)) })),
    },
  }));
  const candidates = FORMS.flatMap((terms, form) =>
    form === 0 ? [{ terms, form, ridge: 1 }] : RIDGES.map((ridge) => ({ terms, form, ridge })),
  );
  const scored = candidates.flatMap(({ terms, form, ridge }) => {
    const losses: number[] = [];
    for (const fold of folds) {
      const fit = fitLabel(fold.data, terms, ridge, intrinsic);
      if (fit === null) return [];
      for (const { ours, references } of fold.out) {
        const reference = referenceOf(references, fit.zeroPoints);
        for (const { place, value, sigma } of ours) {
          const residual = value - correctionAt(fit, place).shift - reference.value;
          losses.push(lossOf(residual / Math.hypot(sigma, intrinsic, reference.sigma)));
        }
      }
      for (const group of data.shared) losses.push(...sharedLosses(fit, fold.inOf(group), fold.outOf(group)));
    }
    return [{ terms, form, ridge, losses, loss: losses.reduce((sum, v) => sum + v, 0) / losses.length }];
  });
  const [first] = scored;
  if (first === undefined) return { fit: null, tried: [] };
  const best = scored.reduce((a, b) => (b.loss < a.loss ? b : a));
  const chosen =
    scored.find(({ form, losses }) => {
      if (form > best.form) return false;
      const worse = losses.map((loss, i) => loss - (best.losses[i] ?? NaN));
      const mean = worse.reduce((sum, v) => sum + v, 0) / worse.length;
      const spread = Math.sqrt(worse.reduce((sum, v) => sum + (v - mean) ** 2, 0) / worse.length ** 2);
      return mean <= EARNED * spread;
    }) ?? best;
  return { fit: fitLabel(data, chosen.terms, chosen.ridge), tried: scored.map(({ form, ridge, loss }) => ({ form, ridge, loss })) };
}
