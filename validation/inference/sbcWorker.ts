/** One process of `npm run validate -- sbc`: reads tables and model once, then draws, synthesises and samples the stars it is given. */
import { z } from 'zod';
import { openService } from '../../cli/batch/openService.ts';
import { serveTasks } from '../../cli/batch/serveTasks.ts';
import { defaultTables, readTables } from '../../cli/files/tablesFolder.ts';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';
import { createSynthesizer } from '../../src/synthesis/synthesize.ts';
import { calibrateStar } from './sbc.ts';

const setupSchema = z.object({ model: z.string(), seed: z.number(), snr: z.number() });

serveTasks(setupSchema, z.number(), async ({ model, seed, snr }) => {
  const tables = readTables(defaultTables(), 'vald');
  if (!tables.ok) throw new Error(tables.failure.message);
  const synthesize = createSynthesizer(tables.value, { derivatives: false, stepKms: DEFAULT_STEP_KMS });
  const service = await openService({ model });
  if (!service.ok) throw new Error(service.failure.message);
  return (star) => calibrateStar(service.value, synthesize, { star, seed, snr });
});
