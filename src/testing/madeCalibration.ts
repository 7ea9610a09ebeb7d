/** A calibration file that is made up: T_eff is off by a constant, all else is right. */
import { hullOf } from '../calibration/hull.ts';
import { CALIBRATION_FORMAT, type Calibration, type LabelCalibration } from '../calibration/schema.ts';

const label = (shift: number, scatter: number): LabelCalibration => ({
  kind: 'references',
  terms: [{ name: 'constant', coefficient: shift, sigma: 0 }],
  covariance: [0],
  stars: 100,
  spectra: 110,
  sources: [{ name: 'A', stars: 100, zeroPoint: null }],
  shared: [],
  range: { teff: [3000, 8000], logg: [0, 6], feh: [-3, 1] },
  hull: [...hullOf([3000, 8000].flatMap((teff) => [0, 6].flatMap((logg) => [-3, 1].map((feh) => ({ teff, logg, feh })))))],
  scatter: { dwarf: scatter, giant: scatter, 'metal-poor': scatter },
  fitScale: 1,
  scatterRatio: null,
  heldOut: {
    stars: 100,
    bias: 0,
    scatter: 2 * scatter,
    fitSigma: scatter,
    referenceSigma: scatter,
    within1: 0.68,
    within2: 0.95,
    raw: { bias: shift, scatter: 3 * scatter },
  },
  reach: null,
  tried: [],
});

/** For one model and its weights, T_eff off by so many K. */
export const madeCalibration = (id: string, model: string, shift: number, weights = 'none'): Calibration => ({
  format: CALIBRATION_FORMAT,
  id,
  title: `shift ${String(shift)}`,
  model: { id: model, weights },
  derived: { command: 'maury calibrate', date: '2026-01-01', method: 'made up' },
  scale: 'A',
  sources: [{ name: 'A', use: 'all', stars: 100, citation: 'nobody' }],
  labels: { teff: label(shift, 40), logg: label(0, 0.05), feh: label(0, 0.03) },
});
