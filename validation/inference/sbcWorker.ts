/** One process of `npm run validate -- sbc`: reads tables and model once, then draws, synthesises and samples the stars it is given. */
import { z } from 'zod';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';
import { createSynthesizer } from '../../src/synthesis/synthesize.ts';
import { calibrateStar, type SbcRecord } from './sbc.ts';
import { openService } from '../../cli/batch/openService.ts';
import { defaultTables, readTables } from '../../cli/files/tablesFolder.ts';

const setupSchema = z.object({ model: z.string(), seed: z.number(), snr: z.number() });
type Setup = z.infer<typeof setupSchema>;
const messageSchema = z.object({ index: z.number(), task: z.number() });
let ready: Promise<(star: number) => Promise<SbcRecord>> | null = null;

async function prepare({ model, seed, snr }: Setup): Promise<(star: number) => Promise<SbcRecord>> {
  const tables = readTables(defaultTables(), 'vald');
  if (!tables.ok) throw new Error(tables.failure.message);
  const synthesize = createSynthesizer(tables.value, { derivatives: false, stepKms: DEFAULT_STEP_KMS });
  const service = await openService({ model });
  if (!service.ok) throw new Error(service.failure.message);
  return (star) => calibrateStar(service.value, synthesize, { star, seed, snr });
}

// The parent handles Ctrl-C and ends its children.
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (ready === null) {
    ready = prepare(setupSchema.parse(message));
    return;
  }
  const { index, task } = messageSchema.parse(message);
  void ready.then((star) => star(task)).then((result) => process.send?.({ index, result }));
});
