import { z } from 'zod';
import type { ModelOffer, ModelSummary } from '../domain/client.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { readJson, type Assets } from './assets.ts';

const fileName = z.string().regex(/^[\w.-]+$/);
const indexSchema = z
  .array(z.object({ id: fileName, title: z.string(), note: z.exactOptional(z.string()), nature: z.exactOptional(fileName) }))
  .min(1);

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

const factsSchema = z.object({ weights: z.object({ bytes: z.number() }), heldOutMae: z.nullable(z.number()) });

/** The bundles on offer with what their manifests say of size and error. Failures: those of `listModels`. */
export async function offerModels(assets: Assets): Promise<Result<readonly ModelOffer[]>> {
  const models = await listModels(assets);
  if (!models.ok) return models;
  const offers = models.value.map(async (model): Promise<ModelOffer> => {
    const manifest = await readJson(assets, `models/${model.id}/manifest.json`);
    const facts = factsSchema.safeParse(manifest.ok ? manifest.value : null);
    return { ...model, bytes: facts.data?.weights.bytes ?? null, heldOutMae: facts.data?.heldOutMae ?? null };
  });
  return success(await Promise.all(offers));
}

/** The bundle asked for, or the first. Failure `MODEL_UNKNOWN` names those there are. */
export async function chooseModel(assets: Assets, id: string | undefined): Promise<Result<ModelSummary>> {
  const models = await listModels(assets);
  if (!models.ok) return models;
  const model = id === undefined ? models.value[0] : models.value.find((one) => one.id === id);
  if (model !== undefined) return success(model);
  return failed('MODEL_UNKNOWN', `There is no model "${id ?? ''}".`, `Models: ${models.value.map((one) => one.id).join(', ')}.`);
}
