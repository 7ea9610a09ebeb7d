/** One process of `npm run validate -- optimisers`: opens the model once, then fits each star it is given by both optimisers. */
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import { openAbInitio, StarReader } from '../inference/abInitio.ts';
import { compareOptimisers } from './optimisers.ts';
import { setupSchema, taskSchema, type InferenceSetup } from '../inference/record.ts';
import { openService } from '../../cli/batch/openService.ts';

const messageSchema = z.object({ index: z.number(), task: taskSchema });
let setup: InferenceSetup | null = null;
let ready: Promise<{ service: FitService; reader: StarReader }> | null = null;

async function prepare({ folder, model }: InferenceSetup): Promise<{ service: FitService; reader: StarReader }> {
  const set = openAbInitio(folder);
  if (!set.ok) throw new Error(set.failure.message);
  const service = await openService(model === undefined ? {} : { model });
  if (!service.ok) throw new Error(service.failure.message);
  const names = service.value.emulator.info.labels.map(({ name }) => name);
  return { service: service.value, reader: new StarReader(set.value.about, names) };
}

// The parent handles Ctrl-C and ends its children.
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (setup === null) {
    setup = setupSchema.parse(message);
    ready = prepare(setup);
    return;
  }
  const { index, task } = messageSchema.parse(message);
  const { seed } = setup;
  void ready
    ?.then(({ service, reader }) => compareOptimisers(service, reader.star(task.place), task.snr, seed))
    .then((result) => process.send?.({ index, result }));
});
