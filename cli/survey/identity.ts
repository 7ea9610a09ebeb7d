/** What the results of a run depend on, known before any process has loaded the model: software, weights, calibration, options. */
import { createHash } from 'node:crypto';
import { readJson, type Assets } from '../../src/compute/assets.ts';
import { findCalibration } from '../../src/compute/calibrations.ts';
import { chooseModel } from '../../src/compute/models.ts';
import { findNature } from '../../src/compute/nature.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { z } from 'zod';
import type { FitSetup } from '../batch/fitSetup.ts';
import { runRecord, type Run } from './runFile.ts';
import type { Shard } from './shard.ts';

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

const manifestSchema = z.object({ id: z.string(), weights: z.object({ sha256: z.string() }) });

/** Failures: those of `chooseModel`, `ASSET_MISSING`, `ASSET_NOT_JSON`, `MANIFEST_INVALID`. */
export async function identifyRun(
  assets: Assets,
  setup: FitSetup,
  software: string,
  shard: Shard,
  source: string,
  group?: string,
): Promise<Result<Run>> {
  const model = await chooseModel(assets, setup.open.model);
  if (!model.ok) return model;
  const json = await readJson(assets, `models/${model.value.id}/manifest.json`);
  if (!json.ok) return json;
  const manifest = manifestSchema.safeParse(json.value);
  if (!manifest.success)
    return failed('MANIFEST_INVALID', `The manifest of ${model.value.id} does not name its weights.`, 'Check that the bundle is complete.');
  const identity = { id: manifest.data.id, weights: manifest.data.weights.sha256 };
  const calibration = await findCalibration(assets, identity);
  if (!calibration.ok) return calibration;
  const nature = await findNature(assets, model.value, identity, setup.open.nature);
  if (!nature.ok) return nature;
  const { value } = calibration;
  return success(
    runRecord({
      software,
      model: { id: identity.id, sha256: identity.weights },
      calibration: value === null ? { id: 'none', sha256: null } : { id: value.id, sha256: hashOf(value) },
      backend: setup.open.backend ?? 'best',
      options: {
        ...setup.options,
        ...(group === undefined ? {} : { group }),
        ...(nature.value === null ? {} : { modelError: hashOf({ ...nature.value, command: '' }) }),
      },
      shard,
      source,
    }),
    [...calibration.warnings, ...nature.warnings],
  );
}
