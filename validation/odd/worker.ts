/** One process of `npm run validate -- odd`: fits planted spectra and real stars, and says what they were told. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { openService } from '../../cli/batch/openService.ts';
import { serveTasks } from '../../cli/batch/serveTasks.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { plantList } from './plantList.ts';

/** A planted spectrum by its place in the list, or a file of a real star. */
export const taskSchema = z.object({ id: z.string(), kind: z.string(), plant: z.nullable(z.number()), file: z.string() });
export type OddTask = z.infer<typeof taskSchema>;

export const recordSchema = z.object({
  id: z.string(),
  kind: z.string(),
  snr: z.number(),
  teff: z.nullable(z.number()),
  rv: z.nullable(z.number()),
  rvSigma: z.nullable(z.number()),
  pipelineRv: z.nullable(z.number()),
  /** Codes of the alerts, with `!` where they spoil the labels; of a failure, its code. */
  told: z.array(z.string()),
  failed: z.boolean(),
});
export type OddRecord = z.infer<typeof recordSchema>;

export const notFitted = ({ id, kind }: OddTask, why: string): OddRecord => ({
  id,
  kind,
  snr: 0,
  teff: null,
  rv: null,
  rvSigma: null,
  pipelineRv: null,
  told: [why],
  failed: true,
});

const setupSchema = z.object({ shared: z.string(), each: z.number(), model: z.string() });

serveTasks(setupSchema, taskSchema, async ({ shared, each, model }) => {
  const service = await openService({ model });
  if (!service.ok) throw new Error(`${service.failure.code}: ${service.failure.message}`);
  const plants = await plantList(shared, each);
  if (!plants.ok) throw new Error(`${plants.failure.code}: ${plants.failure.message}`);
  const spectrumOf = async (task: OddTask): Promise<Spectrum | string> => {
    if (task.plant !== null) return plants.value[task.plant]?.spectrum ?? 'NO_SUCH_PLANT';
    const read = await service.value.read(basename(task.file), new Uint8Array(await readFile(task.file)));
    return read.ok ? (read.value[0] ?? 'NO_SPECTRUM') : read.failure.code;
  };
  return async (task: OddTask): Promise<OddRecord> => {
    const spectrum = await spectrumOf(task);
    if (typeof spectrum === 'string') return notFitted(task, spectrum);
    const fit = await service.value.fit(spectrum, DEFAULT_FIT_OPTIONS);
    if (!fit.ok) return { ...notFitted(task, fit.failure.code), snr: spectrum.snr };
    const { rv, labels, alerts = [] } = fit.value;
    return {
      id: task.id,
      kind: task.kind,
      snr: spectrum.snr,
      teff: labels.find(({ name }) => name === 'teff')?.value ?? null,
      rv: rv.value,
      rvSigma: rv.sigma,
      pipelineRv: spectrum.survey.pipelineVelocity ?? null,
      told: alerts.map(({ code, spoilsLabels }) => `${code}${spoilsLabels ? '!' : ''}`),
      failed: false,
    };
  };
});
