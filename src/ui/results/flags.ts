import type { LabelFlag } from '../../domain/fit.ts';

/** What each flag means for whoever wants to use the number. */
export const FLAG_MEANING: Readonly<Record<LabelFlag | 'ok', string>> = {
  ok: 'Nothing to report: measured, within range, calibrated.',
  unreliable: 'The model does not describe this spectrum: no label of it means anything. See the notice above the table.',
  'not-converged': 'The optimiser stopped before it settled: run the fit again with another seed or method.',
  'out-of-range': 'Beyond the range the model was trained on: an extrapolation.',
  'at-bound': 'At the edge of the range the model was trained on: the true value may lie beyond.',
  'model-dominated':
    'The number rests on what the model is known to get wrong here: see the reason under the derivative before it is used.',
  'prior-dominated': 'The data hardly constrain this label: its value and error are mostly those of the prior.',
  fixed: 'Held at the value that was given; the spectrum did not decide it.',
  given: 'The prior that was given for this label outweighs the spectrum: value and error are mostly what was known before.',
  uncalibrated: 'No calibration reaches this label or this star: the raw value stands alone.',
  'solar-zero-point':
    'Calibrated by the Sun alone, near the Sun alone: a zero point, and no trend with temperature, gravity or metallicity.',
};
