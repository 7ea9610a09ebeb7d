import type { ModelSummary } from '../domain/client.ts';
import type { Nature } from '../domain/nature.ts';
import type { ModelIdentity } from '../domain/problem.ts';
import { success, type Result } from '../domain/result.ts';
import { readJson, type Assets } from './assets.ts';
import { parseNature } from './natureFile.ts';

/**
 * The model's error as it was measured on stars, where the index of models names its file. Null, with a warning that says why, where there is none for these
 * weights or it is not wanted: fits then use the floor that published models miss the Sun by.
 */
export async function findNature(
  assets: Assets,
  { nature: file }: ModelSummary,
  model: ModelIdentity,
  wanted: 'none' | undefined,
): Promise<Result<Nature | null>> {
  if (file === undefined || wanted === 'none') return success(null);
  const json = await readJson(assets, `models/${model.id}/${file}`);
  const nature = json.ok ? parseNature(json.value) : json;
  if (!nature.ok) return success(null, [`The model's error is not known: ${nature.failure.message}`]);
  const { id, weights } = nature.value.model;
  if (id !== model.id || weights !== model.weights)
    return success(null, [`The model's error was measured for other weights of ${id}: a floor is used in its place.`]);
  return success(nature.value);
}
