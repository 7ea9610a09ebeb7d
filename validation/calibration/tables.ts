/** The tables of `npm run validate -- calibration`. */
import type { HeldOut } from '../../src/calibration/heldOut.ts';
import type { BuiltCalibration } from '../../src/calibration/build.ts';
import { calibratedPlaceOf, depthOf } from '../../src/calibration/apply.ts';
import { kindAt, sigmaAt } from '../../src/calibration/kinds.ts';
import { CALIBRATED_NAMES, calibratedTitle, calibratedUnit, type CalibratedName, type Place } from '../../src/calibration/names.ts';
import { correctionAt, isNearSolarDwarf } from '../../src/calibration/labelFit.ts';
import { calibratedPlace, type DerivedLabels } from '../../src/calibration/derive.ts';
import type { RawSpectrum } from '../../src/calibration/references.ts';
import { robustRegression } from '../../src/calibration/robust.ts';
import { isElement } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { digitsOf } from '../../cli/calibration/summary.ts';
import { COVERAGE, HOMOGENEITY, isPromised, LASP, SLOPE, TARGETS, WITHIN } from './targets.ts';

export const title = (name: CalibratedName): string => `${calibratedTitle(name)}${calibratedUnit(name) === 'K' ? ' (K)' : ''}`;
const inside = (value: number, [low, high]: readonly [number, number]): boolean => value >= low && value <= high;

/** One label of the nested cross-validation, for the stars that the promises are made for. */
export function heldOutTable(heldOut: readonly HeldOut[], { calibration }: Pick<BuiltCalibration, 'calibration'>): string {
  const rows = CALIBRATED_NAMES.flatMap((name) => {
    const label = calibration.labels[name];
    const list = heldOut.filter((one) => one.label === name && isPromised(one.place));
    if (label === undefined || list.length === 0) return [];
    const differences = list.map(({ calibrated, reference }) => calibrated - reference);
    const raw = list.map(({ raw: value, reference }) => value - reference);
    const scatter = robustSigma(differences);
    const bias = median(differences);
    const parts = {
      references: median(list.map(({ referenceSigma }) => referenceSigma)),
      fit: median(list.map(({ sigma }) => sigma)),
      model: median(list.map(({ place }) => sigmaAt(label.scatter, place))),
    };
    const pulls = list.map(({ calibrated, reference, sigma, referenceSigma, place }) =>
      Math.abs((calibrated - reference) / Math.hypot(label.fitScale * sigma, referenceSigma, sigmaAt(label.scatter, place))),
    );
    const share = (times: number): number => pulls.filter((pull) => pull <= times).length / pulls.length;
    const target = TARGETS[name];
    const n = (value: number): string => fixed(value, digitsOf(name));
    const hit = target === undefined ? '' : scatter <= target.scatter && Math.abs(bias) <= target.bias ? 'hit' : 'miss';
    const largest = Object.entries<number>(parts).sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
    const [one, two] = [share(1), share(2)];
    return [
      [
        title(name),
        String(list.length),
        `${n(median(raw))}, ${n(robustSigma(raw))}`,
        n(bias),
        n(scatter),
        target === undefined ? '–' : n(target.scatter),
        hit,
        n(parts.references),
        n(parts.fit),
        n(parts.model),
        hit === 'miss' ? largest : '',
        `${fixed(100 * one, 0)}${inside(one, WITHIN.one) ? '' : ' (miss)'}`,
        `${fixed(100 * two, 0)}${inside(two, WITHIN.two) ? '' : ' (miss)'}`,
      ],
    ];
  });
  return markdownTable(
    [
      'label',
      'spectra',
      'raw: bias, σ',
      'bias',
      'σ',
      'target',
      '',
      'σ of references',
      'σ of fit',
      'intrinsic',
      'largest part',
      '% within 1 σ',
      '% within 2 σ',
    ],
    rows,
  );
}

/** Scatter of held-out stars by kind. */
export function kindTable(heldOut: readonly HeldOut[]): string {
  const rows = CALIBRATED_NAMES.flatMap((name) => {
    const list = heldOut.filter((one) => one.label === name && isPromised(one.place));
    if (list.length === 0) return [];
    const cells = (['dwarf', 'giant', 'metal-poor'] as const).map((kind) => {
      const own = list.filter(({ place }) => kindAt(place) === kind).map(({ calibrated, reference }) => calibrated - reference);
      return own.length < 5
        ? '–'
        : `${fixed(median(own), digitsOf(name))}, ${fixed(robustSigma(own), digitsOf(name))} (${String(own.length)})`;
    });
    return [[title(name), ...cells]];
  });
  return markdownTable(['label', 'dwarfs: bias, σ (spectra)', 'giants', 'metal-poor'], rows);
}

interface Lasp {
  readonly spectrum: RawSpectrum;
  readonly lasp: Place;
}

/** Against the pipeline, whose labels have no part in the calibration. */
export function laspTable(stars: readonly Lasp[], { calibration }: Pick<BuiltCalibration, 'calibration'>): string {
  const rows = (['teff', 'logg', 'feh'] as const).map((name) => {
    const list = stars.flatMap(({ spectrum, lasp }) => {
      const label = calibration.labels[name];
      const place = calibratedPlaceOf(spectrum.raw, calibration.labels);
      const raw = spectrum.raw.values[name];
      if (label === undefined || raw?.measured !== true || !(depthOf(label, place) >= 0)) return [];
      return [{ raw: raw.value - lasp[name], calibrated: place[name] - lasp[name] }];
    });
    const calibrated = list.map((one) => one.calibrated);
    const raw = list.map((one) => one.raw);
    const n = (value: number): string => fixed(value, digitsOf(name));
    const scatter = robustSigma(calibrated);
    return [
      title(name),
      `${String(list.length)} of ${String(stars.length)}`,
      n(median(raw)),
      n(robustSigma(raw)),
      n(median(calibrated)),
      n(scatter),
      n(LASP[name]),
      scatter <= LASP[name] ? 'hit' : 'miss',
    ];
  });
  return markdownTable(['label', 'stars calibrated', 'raw: bias', 'raw: σ', 'bias', 'σ', 'target', ''], rows);
}

interface Ratio {
  readonly teff: number;
  readonly value: number;
}

function slopeOf(points: readonly Ratio[]): { slope: number; error: number } | null {
  if (points.length < 15) return null;
  const x = points.map(({ teff }) => [1, (teff - 5600) / 1000]);
  const fit = robustRegression(
    x,
    points.map(({ value }) => value),
  );
  if (fit === null) return null;
  const residuals = points.map(({ value }, i) => value - (fit[0] ?? 0) - (fit[1] ?? 0) * (x[i]?.[1] ?? 0));
  const mean = points.reduce((sum, _, i) => sum + (x[i]?.[1] ?? 0), 0) / points.length;
  const spread = Math.sqrt(points.reduce((sum, _, i) => sum + ((x[i]?.[1] ?? 0) - mean) ** 2, 0));
  return { slope: fit[1] ?? NaN, error: robustSigma(residuals) / spread };
}

/** Calibrated [X/Fe] of near-solar dwarfs of the field, and of library stars that were left out, against T_eff. */
export function slopeTable(field: readonly RawSpectrum[], heldOut: readonly HeldOut[], derived: DerivedLabels): string {
  const fits = Object.fromEntries(
    (['teff', 'logg', 'feh'] as const).flatMap((name) => (derived[name] === undefined ? [] : [[name, derived[name].fit]])),
  );
  const iron = new Map(heldOut.filter(({ label }) => label === 'feh').map((one) => [one.spectrum, one.calibrated]));
  const rows = CALIBRATED_NAMES.flatMap((name) => {
    const fit = derived[name]?.fit;
    if (!isElement(name) || fit === undefined) return [];
    const survey = field.flatMap(({ raw }): Ratio[] => {
      const place = calibratedPlace(raw, fits);
      const value = raw.values[name];
      if (value?.measured !== true || !isNearSolarDwarf(place)) return [];
      return [{ teff: place.teff, value: value.value - correctionAt(fit, place).shift - place.feh }];
    });
    const library = heldOut.flatMap(({ label, place, calibrated, spectrum }): Ratio[] => {
      const fe = iron.get(spectrum);
      return label === name && fe !== undefined && isNearSolarDwarf(place) ? [{ teff: place.teff, value: calibrated - fe }] : [];
    });
    const cells = [survey, library].flatMap((points) => {
      const found = slopeOf(points);
      if (found === null) return [String(points.length), '–', ''];
      const verdict = Math.abs(found.slope) <= SLOPE ? 'hit' : Math.abs(found.slope) <= SLOPE + 2 * found.error ? 'hit within 2 σ' : 'miss';
      return [String(points.length), `${fixed(found.slope, 3)} ± ${fixed(found.error, 3)}`, verdict];
    });
    return [[`[${name}/Fe]`, ...cells]];
  });
  return markdownTable(['ratio', 'field dwarfs', 'per 1000 K', '', 'library dwarfs, left out', 'per 1000 K', ''], rows);
}

/** Scatter of [X/H] among members of a cluster, by the calibration and by one that does not know of the cluster. */
export function clusterTable(members: readonly RawSpectrum[], withIt: DerivedLabels, without: DerivedLabels): string {
  const of = (derived: DerivedLabels, name: CalibratedName): { scatter: number; sigma: number; count: number } | null => {
    const fit = derived[name]?.fit;
    if (fit === undefined) return null;
    const fits = Object.fromEntries(
      (['teff', 'logg', 'feh'] as const).flatMap((one) => (derived[one] === undefined ? [] : [[one, derived[one].fit]])),
    );
    const values = members.flatMap(({ raw }) => {
      const value = raw.values[name];
      const place = calibratedPlace(raw, fits);
      return value?.measured === true && isPromised(place)
        ? [{ value: value.value - correctionAt(fit, place).shift, sigma: value.sigma }]
        : [];
    });
    return {
      scatter: robustSigma(values.map(({ value }) => value)),
      sigma: median(values.map(({ sigma }) => sigma)),
      count: values.length,
    };
  };
  const rows = CALIBRATED_NAMES.flatMap((name) => {
    if (name === 'teff' || name === 'logg') return [];
    const [a, b] = [of(withIt, name), of(without, name)];
    if (a === null || b === null || a.count < 4) return [];
    return [
      [
        title(name),
        String(a.count),
        fixed(a.sigma, 3),
        fixed(a.scatter, 3),
        fixed(b.scatter, 3),
        b.scatter <= HOMOGENEITY ? 'hit' : 'miss',
      ],
    ];
  });
  return markdownTable(
    ['label', 'members', 'σ of fit', 'σ among members', 'by a calibration without it', `≤ ${fixed(HOMOGENEITY, 2)}`],
    rows,
  );
}

/** Of the promised stars that measure a label, how many the calibration reaches. */
export function coverageTable(spectra: readonly RawSpectrum[], { calibration }: Pick<BuiltCalibration, 'calibration'>): string {
  const placed = spectra
    .map((spectrum) => ({ spectrum, place: calibratedPlaceOf(spectrum.raw, calibration.labels) }))
    .filter(({ place }) => isPromised(place));
  const rows = CALIBRATED_NAMES.flatMap((name) => {
    const label = calibration.labels[name];
    const measured = placed.filter(({ spectrum }) => spectrum.raw.values[name]?.measured === true);
    if (measured.length === 0) return [];
    const reached = label === undefined ? 0 : measured.filter(({ place }) => depthOf(label, place) >= 0).length;
    const share = reached / measured.length;
    const promised = name in TARGETS;
    return [
      [
        title(name),
        label?.kind ?? 'raw',
        fixed((100 * measured.length) / placed.length, 0),
        fixed(100 * share, 0),
        !promised ? '' : share >= COVERAGE ? 'hit' : 'miss',
      ],
    ];
  });
  return markdownTable(['label', 'by', '% that measure it', '% of those calibrated', ''], rows);
}

/** What the red adds, per label. */
export function reachTable({ calibration }: Pick<BuiltCalibration, 'calibration'>): string {
  const rows = CALIBRATED_NAMES.flatMap((name) => {
    const reach = calibration.labels[name]?.reach;
    if (reach == null) return [];
    const n = (value: number): string => fixed(value, digitsOf(name));
    const term = (which: string): string => {
      const found = reach.terms.find((one) => one.name === which);
      return found === undefined ? '–' : `${n(found.coefficient)} ± ${n(found.sigma)}`;
    };
    return [[title(name), String(reach.spectra), ...['constant', 'teff', 'logg', 'feh'].map(term), n(reach.scatter)]];
  });
  return markdownTable(['label', 'spectra', 'to 8900 − to 7400 Å', 'per 1000 K', 'per dex in log g', 'per dex in [Fe/H]', 'scatter'], rows);
}
