/** What a fit beyond the blue adds to a raw label: spectra that were fitted over both ranges say it. */
import type { HierarchicalFit } from './hierarchy.ts';
import { fitHierarchy } from './hierarchy.ts';
import { unitOf, type CalibratedName, type Place } from './names.ts';
import type { RawLabels } from './rawLabels.ts';
import { priorOf, termValues, type TermName } from './terms.ts';
import type { LabelCalibration } from './schema.ts';
import { trendOf } from './trend.ts';

/** One spectrum over both ranges. */
export interface TwoRanges {
  readonly id: string;
  readonly place: Place;
  readonly blue: RawLabels;
  readonly long: RawLabels;
}

const TERMS_OF_REACH: readonly TermName[] = ['constant', 'teff', 'logg', 'feh'];
/** σ of its slopes over those of a correction: small unless the spectra insist. */
const RIDGE = 0.3;
const FEWEST = 20;
const MOST = 0.4;
/** Of a fit's variance, the least that two ranges do not share. */
const UNSHARED = 0.1;

/** The difference long − blue of one label as a trend, with the scatter about it beyond what the smaller range's noise explains. */
export function deriveReach(label: CalibratedName, spectra: readonly TwoRanges[]): LabelCalibration['reach'] {
  const unit = unitOf(label);
  const none = TERMS_OF_REACH.map(() => 0);
  const groups = spectra.flatMap(({ id, place, blue, long }) => {
    const [a, b] = [blue.values[label], long.values[label]];
    if (a?.measured !== true || b?.measured !== true || !Number.isFinite(place.teff + place.logg + place.feh)) return [];
    const variance = Math.max(a.sigma ** 2 - b.sigma ** 2, UNSHARED * a.sigma ** 2);
    return [
      {
        id,
        kind: 'star' as const,
        observations: [
          { row: termValues(TERMS_OF_REACH, place), y: b.value, variance: variance / 2, ours: true },
          { row: none, y: a.value, variance: variance / 2, ours: false },
        ],
      },
    ];
  });
  if (groups.length < FEWEST) return null;
  const prior = TERMS_OF_REACH.map((term) => unit * priorOf(term) * (term === 'constant' ? 1 : RIDGE));
  const fit: HierarchicalFit | null = fitHierarchy(groups, prior, MOST * unit);
  if (fit === null) return null;
  return {
    ...trendOf({ terms: TERMS_OF_REACH, theta: fit.theta, covariance: fit.covariance }),
    scatter: fit.intrinsic,
    spectra: groups.length,
  };
}

/** Raw labels as a fit to the blue would have given them. */
export function asBlue(raw: RawLabels, place: Place, reachOf: (label: CalibratedName) => LabelCalibration['reach']): RawLabels {
  if (!raw.long) return raw;
  const values = Object.fromEntries(
    Object.entries(raw.values).map(([name, value]) => {
      const reach = reachOf(name as CalibratedName);
      if (reach === null) return [name, value];
      const row = termValues(
        reach.terms.map(({ name: term }) => term),
        place,
      );
      const shift = row.reduce((sum, x, k) => sum + x * (reach.terms[k]?.coefficient ?? 0), 0);
      return [name, { ...value, value: value.value - shift, sigma: Math.hypot(value.sigma, reach.scatter / Math.SQRT2) }];
    }),
  );
  return { ...raw, values };
}
