/** One process of `npm run validate -- inference`: opens the model once, then injects and fits the stars it is given. */
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import { openAbInitio, StarReader } from './abInitio.ts';
import { setupSchema, taskSchema, type InferenceRecord, type InferenceSetup, type InferenceTask } from './record.ts';
import { Recovery } from './recover.ts';
import { openService } from '../../cli/batch/openService.ts';

const messageSchema = z.object({ index: z.number(), task: taskSchema });

interface Ready {
  readonly recovery: Recovery;
  readonly reader: StarReader;
  readonly seed: number;
}
let ready: Promise<Ready> | null = null;

async function prepare(setup: InferenceSetup): Promise<Ready> {
  const set = openAbInitio(setup.folder);
  if (!set.ok) throw new Error(set.failure.message);
  const service = await openService(setup.model === undefined ? {} : { model: setup.model });
  if (!service.ok) throw new Error(service.failure.message);
  const names = service.value.emulator.info.labels.map(({ name }) => name);
  const made: FitService = service.value;
  return { recovery: new Recovery(made), reader: new StarReader(set.value.about, names), seed: setup.seed };
}

async function answer(task: InferenceTask): Promise<InferenceRecord> {
  if (ready === null) throw new Error('a star came before the set-up');
  const { recovery, reader, seed } = await ready;
  return recovery.recover(reader.star(task.place), task.snr, seed);
}

// The parent handles Ctrl-C and ends its children.
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (ready === null) {
    ready = prepare(setupSchema.parse(message));
    return;
  }
  const { index, task } = messageSchema.parse(message);
  void answer(task).then((result) => process.send?.({ index, result }));
});
