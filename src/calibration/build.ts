import { failed, success, type Result } from '../domain/result.ts';
import { deriveCorrection, MIN_STARS, type ReferenceStar } from './derive.ts';
import { CORRECTED, type Calibration, type CorrectedLabel } from './schema.ts';
import { deriveZeroPoints, type SunFit } from './zeroPoints.ts';

export interface CalibrationInput {
  readonly id: string;
  readonly title: string;
  readonly model: Calibration['model'];
  readonly derived: Calibration['derived'];
  readonly sources: Calibration['sources'];
  /** Reference stars by label, as far as that label was measured. */
  readonly stars: Readonly<Record<CorrectedLabel, readonly ReferenceStar[]>>;
  readonly sun: SunFit;
}

/** A calibration of one model from reference stars and the Sun. Failure `CALIBRATION_TOO_FEW`. */
export function buildCalibration(input: CalibrationInput): Result<Calibration> {
  const labels: Calibration['labels'] = {};
  for (const name of CORRECTED) {
    const correction = deriveCorrection(input.stars[name], name);
    if (correction === null)
      return failed(
        'CALIBRATION_TOO_FEW',
        `Only ${String(input.stars[name].length)} reference stars have a measured ${name}; ${String(MIN_STARS)} are needed.`,
        'Give more stars with reference labels.',
      );
    labels[name] = correction;
  }
  const { id, title, model, derived, sources } = input;
  return success({
    format: 'maury-calibration-1',
    id,
    title,
    model,
    derived,
    sources,
    labels,
    abundances: deriveZeroPoints(input.sun, labels),
  });
}
