/** A calibration file from references: corrections, held-out quality, hulls, and the Sun's zero points where nothing else reaches. */
import { median, robustSigma } from '../math/statistics.ts';
import { isElement } from '../domain/labels.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { calibratedPlace, deriveLabels, MIN_STARS, type DerivedLabel, type DerivedLabels } from './derive.ts';
import { heldOut, type HeldOut } from './heldOut.ts';
import { hullOf } from './hull.ts';
import { kindAt, KINDS, sigmaAt, type Kind } from './kinds.ts';
import { correctionAt } from './labelFit.ts';
import { CALIBRATED_NAMES, calibratedTitle, CORRECTED, type CalibratedName, type CorrectedLabel, type Place } from './names.ts';
import type { RawLabels } from './rawLabels.ts';
import { asBlue, deriveReach, type TwoRanges } from './reach.ts';
import type { CalibrationData } from './references.ts';
import { quantile } from './robust.ts';
import { fitScale, robustScatter, shareWithin, type ScatterSample } from './scatter.ts';
import { CALIBRATION_FORMAT, type Calibration, type HeldOutSummary, type LabelCalibration, type ValidityRange } from './schema.ts';
import { FORMS } from './terms.ts';
import { trendOf } from './trend.ts';

export interface CalibrationInput extends CalibrationData {
  readonly identity: Pick<Calibration, 'id' | 'title' | 'model' | 'derived'>;
  readonly citations: readonly { readonly name: string; readonly use: string; readonly citation: string }[];
  /** Spectra that were fitted over both ranges. */
  readonly twoRanges: readonly Omit<TwoRanges, 'place'>[];
  /** The Sun's raw labels over the survey's range, for the zero points of what no star has; null: none. */
  readonly sun: RawLabels | null;
}

export interface BuiltCalibration {
  readonly calibration: Calibration;
  /** Every reference label with what it became when its star was left out. */
  readonly heldOut: readonly HeldOut[];
  readonly derived: DerivedLabels;
}

/** References of less weight than this are wild and mark no edge. */
const WILD = 0.35;
/** Stars of a kind at which its own scatter counts as much as that of all. */
const SHRINK = 15;
/** Around the Sun: how far its zero points are used. K, dex, dex. */
const REACH: Place = { teff: 750, logg: 0.8, feh: 0.8 };

const rawPlaceOf = ({ values }: RawLabels): Place => {
  const [teff = NaN, logg = NaN, feh = NaN] = CORRECTED.map((name) => values[name]?.value ?? NaN);
  return { teff, logg, feh };
};

/** Intrinsic scatter by kind of star, each drawn towards that of all by as much as its stars are few. */
function scatterByKind(sample: readonly (ScatterSample & { readonly place: Place })[]): Record<Kind, number> {
  const all = robustScatter(sample);
  const of = (kind: Kind): number => {
    const own = sample.filter(({ place }) => kindAt(place) === kind);
    if (own.length < 5) return all;
    const weight = own.length / (own.length + SHRINK);
    return Math.sqrt(weight * robustScatter(own) ** 2 + (1 - weight) * all ** 2);
  };
  return { dwarf: of('dwarf'), giant: of('giant'), 'metal-poor': of('metal-poor') };
}

function summaryOf(list: readonly HeldOut[], scale: number, scatterAt: (place: Place) => number): HeldOutSummary {
  const differences = list.map(({ calibrated, reference }) => calibrated - reference);
  const raw = list.map(({ raw: value, reference }) => value - reference);
  const sample = list.map(({ calibrated, reference, sigma, referenceSigma, place }) => ({
    difference: calibrated - reference,
    sigma: Math.hypot(scale * sigma, referenceSigma, scatterAt(place)),
  }));
  return {
    stars: new Set(list.map(({ star }) => star)).size,
    bias: median(differences),
    scatter: robustSigma(differences),
    fitSigma: median(list.map(({ sigma }) => sigma)),
    referenceSigma: median(list.map(({ referenceSigma }) => referenceSigma)),
    within1: shareWithin(sample, 0, 1),
    within2: shareWithin(sample, 0, 2),
    raw: { bias: median(raw), scatter: robustSigma(raw) },
  };
}

/** Where the references of a label are that are not wild: their places, without those of which we have no spectrum. */
const placesOf = ({ data, fit }: DerivedLabel): Place[] =>
  data.stars.filter(({ star }) => (fit.weights.get(star) ?? 0) >= WILD).flatMap(({ ours }) => ours.map(({ place }) => place));

function rangeOf(places: readonly Place[]): ValidityRange {
  const interval = (name: CorrectedLabel): [number, number] => {
    const values = places.map((place) => place[name]);
    return [quantile(values, 0), quantile(values, 1)];
  };
  return { teff: interval('teff'), logg: interval('logg'), feh: interval('feh') };
}

/** Everything of one label that references correct. */
function fromReferences(
  derived: DerivedLabel,
  out: readonly HeldOut[],
  iron: ReadonlyMap<string, HeldOut>,
  reach: LabelCalibration['reach'],
  primary: string,
): LabelCalibration {
  const { fit, data, tried } = derived;
  const places = placesOf(derived);
  const scale = fitScale(
    out.map(({ calibrated, reference, sigma, referenceSigma }) => ({
      difference: calibrated - reference,
      fit: sigma,
      reference: referenceSigma,
    })),
  );
  const sample = out.map(({ calibrated, reference, sigma, referenceSigma, place }) => ({
    difference: calibrated - reference,
    sigma: Math.hypot(scale * sigma, referenceSigma),
    place,
  }));
  const ratios = out.flatMap(({ spectrum, calibrated, reference, ratioSigma, referenceSigma, place }) => {
    const fe = iron.get(spectrum);
    if (fe === undefined) return [];
    return [
      { difference: calibrated - reference - (fe.calibrated - fe.reference), sigma: Math.hypot(scale * ratioSigma, referenceSigma), place },
    ];
  });
  const scatter = scatterByKind(sample);
  const names = [...new Set(data.stars.flatMap(({ references }) => references.map(({ source }) => source)))];
  const scatterAt = (place: Place): number => sigmaAt(scatter, place);
  return {
    kind: 'references',
    ...trendOf(fit),
    stars: data.stars.length,
    spectra: data.stars.reduce((sum, { ours }) => sum + ours.length, 0),
    sources: names.map((name) => ({
      name,
      stars: data.stars.filter(({ references }) => references.some(({ source }) => source === name)).length,
      zeroPoint: name === primary ? null : (fit.zeroPoints[name] ?? null),
    })),
    shared: sharedOf(derived),
    range: rangeOf(places),
    hull: [...hullOf(places)],
    scatter,
    fitScale: scale,
    scatterRatio: isElement(data.label) ? scatterByKind(ratios) : null,
    heldOut: summaryOf(out, scale, scatterAt),
    reach,
    tried: tried.map(({ form, ridge, loss }) => ({ terms: FORMS[form]?.length ?? 1, ridge, loss })),
  };
}

/** Clusters, pairs and the field: how many members, and by what their calibrated labels scatter. */
function sharedOf({ fit, data }: DerivedLabel): LabelCalibration['shared'] {
  return data.shared.map(({ id, members }) => {
    const values = members.map(({ value, place }) => value - correctionAt(fit, place).shift);
    return {
      name: id,
      members: members.length,
      scatter: values.length > 2 ? robustSigma(values) : Math.abs((values[0] ?? 0) - (values[1] ?? 0)) / Math.SQRT2,
    };
  });
}

/** A zero point from the Sun alone. */
function fromSun(value: number, sigma: number, sun: Place, long: boolean): LabelCalibration {
  const around = (name: CorrectedLabel): [number, number] => [sun[name] - REACH[name], sun[name] + REACH[name]];
  const scatter = Object.fromEntries(KINDS.map((kind) => [kind, sigma])) as Record<Kind, number>;
  return {
    kind: 'solar-zero-point',
    terms: [{ name: 'constant', coefficient: value, sigma }],
    covariance: [0],
    stars: 1,
    spectra: 1,
    sources: [{ name: `the Sun${long ? '' : ', blue'}`, stars: 1, zeroPoint: null }],
    shared: [],
    range: { teff: around('teff'), logg: around('logg'), feh: around('feh') },
    hull: null,
    scatter,
    fitScale: 1,
    scatterRatio: scatter,
    heldOut: null,
    reach: null,
    tried: [],
  };
}

/** The calibration, and what stars said that were left out, in so many folds. Failure `CALIBRATION_TOO_FEW`. `say` hears how far it is. */
export function buildCalibration(
  input: CalibrationInput,
  { folds = 10, say = () => undefined }: { readonly folds?: number; readonly say?: (message: string) => void } = {},
): Result<BuiltCalibration> {
  const spectra = input.twoRanges.map((one) => ({ ...one, place: rawPlaceOf(one.blue) }));
  const reaches = new Map(CALIBRATED_NAMES.map((name) => [name, deriveReach(name, spectra)]));
  const reachOf = (name: CalibratedName): LabelCalibration['reach'] => reaches.get(name) ?? null;
  const blue = input.spectra.map((spectrum) => ({ ...spectrum, raw: asBlue(spectrum.raw, rawPlaceOf(spectrum.raw), reachOf) }));
  const data: CalibrationData = { ...input, spectra: blue };
  say('corrections of all labels');
  const derived = deriveLabels(data);
  for (const name of CORRECTED) {
    if (derived[name] !== undefined) continue;
    const stars = new Set(data.references.filter(({ label }) => label === name).map(({ star }) => star));
    const seen = data.spectra.filter(({ star, raw }) => stars.has(star) && raw.values[name]?.measured === true);
    return failed(
      'CALIBRATION_TOO_FEW',
      `Only ${String(new Set(seen.map(({ star }) => star)).size)} reference stars have a measured ${calibratedTitle(name)}; ${String(MIN_STARS)} are needed.`,
      'Give more stars with reference labels, or see whether their names agree with those of the results.',
    );
  }
  const out = heldOut(data, folds, (done, of) => {
    say(`stars left out: ${String(done)} of ${String(of)}`);
  });
  const exact = new Set(input.exact);
  const judged = out.filter(({ star }) => !data.references.some((r) => r.star === star && exact.has(r.source)));
  const iron = new Map(judged.filter(({ label }) => label === 'feh').map((one) => [one.spectrum, one]));
  const labels: Calibration['labels'] = {};
  for (const name of CALIBRATED_NAMES) {
    const one = derived[name];
    if (one === undefined) continue;
    const own = judged.filter(({ label }) => label === name);
    labels[name] = fromReferences(one, own, iron, reachOf(name), input.scale);
  }
  addSun(input, labels, derived);
  const used = (source: string): number =>
    new Set(
      Object.values(derived).flatMap(({ data: { stars } }) =>
        stars.filter(({ references }) => references.some((r) => r.source === source)).map(({ star }) => star),
      ),
    ).size;
  const calibration: Calibration = {
    format: CALIBRATION_FORMAT,
    ...input.identity,
    scale: input.scale,
    sources: input.citations.flatMap((source) => {
      const stars = used(source.name);
      return stars > 0 ? [{ ...source, stars }] : [];
    }),
    labels,
  };
  return success({ calibration, heldOut: judged, derived });
}

/** Zero points of elements that the Sun's spectrum measures and no reference corrects. */
function addSun({ sun }: CalibrationInput, labels: Calibration['labels'], derived: DerivedLabels): void {
  if (sun === null) return;
  const fits = Object.fromEntries(CORRECTED.flatMap((name) => (derived[name] === undefined ? [] : [[name, derived[name].fit]])));
  const place = calibratedPlace(sun, fits);
  for (const name of CALIBRATED_NAMES) {
    const value = sun.values[name];
    if (!isElement(name) || labels[name] !== undefined || value?.measured !== true) continue;
    labels[name] = fromSun(value.value, value.sigma, place, sun.long);
  }
}
