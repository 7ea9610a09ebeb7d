import type { ModelIdentity } from '../domain/problem.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { calibrationSchema, type Calibration } from './schema.ts';

/**
 * A calibration from parsed JSON, for one model bundle. Failures: `CALIBRATION_INVALID` (not our format),
 * `CALIBRATION_OTHER_MODEL` (derived for another bundle, or for other weights of the same name).
 */
export function calibrationFor(json: unknown, model: ModelIdentity): Result<Calibration> {
  const parsed = calibrationSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return failed(
      'CALIBRATION_INVALID',
      `The calibration is not one of ours: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
      'Derive it again with `npm run --silent maury -- calibrate`.',
    );
  }
  const calibration = parsed.data;
  if (calibration.model.id !== model.id)
    return failed(
      'CALIBRATION_OTHER_MODEL',
      `Calibration ${calibration.id} was derived for model ${calibration.model.id}, not for ${model.id}: labels stay raw.`,
      `Derive one for this model: npm run --silent maury -- calibrate --model ${model.id}`,
    );
  if (calibration.model.weights !== model.weights)
    return failed(
      'CALIBRATION_OTHER_MODEL',
      `Calibration ${calibration.id} was derived for other weights of ${model.id} (${calibration.model.weights.slice(0, 12)}…, this bundle has ${model.weights.slice(0, 12)}…): labels stay raw.`,
      `Derive it again: npm run --silent maury -- calibrate --model ${model.id}`,
    );
  return success(calibration);
}
