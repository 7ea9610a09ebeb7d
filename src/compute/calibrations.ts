import { z } from 'zod';
import type { Calibration } from '../calibration/schema.ts';
import { calibrationFor } from '../calibration/select.ts';
import type { ModelIdentity } from '../domain/problem.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { readJson, type Assets } from './assets.ts';

const indexSchema = z.array(z.object({ id: z.exactOptional(z.string()), file: z.string().regex(/^[\w.-]+$/), model: z.string() }));

/**
 * The calibration of this id that is listed for a model, or the first; null, with a warning that says why, where none fits: labels then stay raw.
 * Of `none` it is null. Failure `CALIBRATION_UNKNOWN`: none of this id is listed for the model.
 */
export async function findCalibration(assets: Assets, model: ModelIdentity, id?: string): Promise<Result<Calibration | null>> {
  if (id === 'none') return success(null);
  const index = await readJson(assets, 'calibrations/index.json');
  if (!index.ok) return success(null, [`No calibration: ${index.failure.message}`]);
  const parsed = indexSchema.safeParse(index.value);
  const listed = parsed.success ? parsed.data.filter((one) => one.model === model.id) : [];
  const entry = id === undefined ? listed[0] : listed.find((one) => one.id === id);
  if (entry === undefined && id !== undefined)
    return failed(
      'CALIBRATION_UNKNOWN',
      `There is no calibration "${id}" of model ${model.id}.`,
      `Give one of ${['none', ...listed.flatMap((one) => one.id ?? [])].join(', ')}, or a file of "maury calibrate" whose name ends in .json.`,
    );
  if (entry === undefined) return success(null, [`There is no calibration of model ${model.id}: labels stay raw.`]);
  const json = await readJson(assets, `calibrations/${entry.file}`);
  if (!json.ok) return success(null, [`No calibration: ${json.failure.message}`]);
  const calibration = calibrationFor(json.value, model);
  return calibration.ok ? success(calibration.value) : success(null, [calibration.failure.message]);
}

/** Every calibration file that the site lists for a model, unchecked; what cannot be read is left out. */
export async function offerCalibrations(assets: Assets, model: ModelIdentity): Promise<readonly unknown[]> {
  const index = await readJson(assets, 'calibrations/index.json');
  const parsed = indexSchema.safeParse(index.ok ? index.value : null);
  const listed = parsed.success ? parsed.data.filter((one) => one.model === model.id) : [];
  const read = await Promise.all(listed.map(({ file }) => readJson(assets, `calibrations/${file}`)));
  return read.flatMap((json) => (json.ok ? [json.value] : []));
}
