/** What calibrated labels are to reach on stars that took no part, and where. */
import type { CalibratedName, Place } from '../../src/calibration/names.ts';

export interface Target {
  readonly bias: number;
  readonly scatter: number;
}
const dex = (scatter: number): Target => ({ bias: 0.03, scatter });

export const TARGETS: Readonly<Partial<Record<CalibratedName, Target>>> = {
  teff: { bias: 20, scatter: 65 },
  logg: { bias: 0.03, scatter: 0.12 },
  feh: dex(0.055),
  ...{ Mg: dex(0.07), Si: dex(0.07), Ca: dex(0.07), Ti: dex(0.07), Cr: dex(0.07), Ni: dex(0.07) },
  ...{ C: dex(0.1), Sc: dex(0.1), Co: dex(0.1) },
  ...{ Na: dex(0.11), Al: dex(0.11), Mn: dex(0.11), O: dex(0.11) },
  ...{ V: dex(0.13), Y: dex(0.13) },
};

/** Shares within 1 and 2 σ. */
export const WITHIN = { one: [0.6, 0.76], two: [0.92, 0.98] } as const;
/** σ against the pipeline: K, dex, dex. */
export const LASP = { teff: 85, logg: 0.17, feh: 0.08 } as const;
/** [X/Fe] per 1000 K among near-solar dwarfs; scatter of a cluster; share of stars calibrated of those that measure a label. */
export const SLOPE = 0.03;
export const HOMOGENEITY = 0.06;
export const COVERAGE = 0.9;

/** The stars for whom the promises are made. */
export const PROMISED = { teff: [4400, 6700], logg: [1, 5], feh: [-2, 0.4] } as const;
export const isPromised = (place: Place): boolean =>
  (['teff', 'logg', 'feh'] as const).every((name) => place[name] > PROMISED[name][0] && place[name] < PROMISED[name][1]);
