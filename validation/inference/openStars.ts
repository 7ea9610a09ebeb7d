/** What the processes of a validation on injected stars open once: the model, and the reader of the set that the stars come from. */
import { openService } from '../../cli/batch/openService.ts';
import type { FitService } from '../../src/compute/service.ts';
import { openAbInitio, StarReader } from './abInitio.ts';
import type { InferenceSetup } from './record.ts';

/** Throws what cannot be opened: the parent has opened both before, so that it would be a fault of the program. */
export async function openStars({ folder, model }: InferenceSetup): Promise<{ readonly service: FitService; readonly reader: StarReader }> {
  const set = openAbInitio(folder);
  if (!set.ok) throw new Error(set.failure.message);
  const service = await openService(model === undefined ? {} : { model });
  if (!service.ok) throw new Error(service.failure.message);
  const names = service.value.emulator.info.labels.map(({ name }) => name);
  return { service: service.value, reader: new StarReader(set.value.about, names) };
}
