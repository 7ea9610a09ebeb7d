import { z } from 'zod';
import type { ModelSummary } from '../domain/client.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { readJson, type Assets } from './assets.ts';

const indexSchema = z.array(z.object({ id: z.string().regex(/^[\w.-]+$/), title: z.string() })).min(1);

/** The bundles on offer, as `models/index.json` lists them; the first is the default. Failures `ASSET_MISSING`, `ASSET_NOT_JSON`, `MODEL_INDEX_INVALID`. */
export async function listModels(assets: Assets): Promise<Result<readonly ModelSummary[]>> {
  const json = await readJson(assets, 'models/index.json');
  if (!json.ok) return json;
  const parsed = indexSchema.safeParse(json.value);
  if (parsed.success) return success(parsed.data);
  return failed(
    'MODEL_INDEX_INVALID',
    'models/index.json is not a list of models with id and title.',
    'It is an array like [{"id": "…", "title": "…"}], one entry per folder of models/.',
  );
}

/** The bundle asked for, or the first. Failure `MODEL_UNKNOWN` names those there are. */
export async function chooseModel(assets: Assets, id: string | undefined): Promise<Result<ModelSummary>> {
  const models = await listModels(assets);
  if (!models.ok) return models;
  const model = id === undefined ? models.value[0] : models.value.find((one) => one.id === id);
  if (model !== undefined) return success(model);
  return failed('MODEL_UNKNOWN', `There is no model "${id ?? ''}".`, `Models: ${models.value.map((one) => one.id).join(', ')}.`);
}
