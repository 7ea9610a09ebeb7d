/** One process of the fits that a calibration rests on. */
import { z } from 'zod';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { failedRecord, starRecord, type ResultRecord } from '../../src/results/record.ts';
import { calibrate } from '../../src/calibration/apply.ts';
import { software } from '../../src/domain/version.ts';
import { openService } from '../batch/openService.ts';
import { serveTasks } from '../batch/serveTasks.ts';
import { readReference, type ReferenceSpectrum } from './referenceSpectra.ts';

const setupSchema = z.object({ model: z.string() });
const taskSchema = z.custom<ReferenceSpectrum>((value) => z.object({ id: z.string(), path: z.string() }).safeParse(value).success);

serveTasks(setupSchema, taskSchema, async ({ model }) => {
  const service = await openService({ model });
  return async (reference: ReferenceSpectrum): Promise<ResultRecord> => {
    const file = reference.id;
    if (!service.ok) return failedRecord({ file, failure: service.failure });
    const spectrum = await readReference(reference, service.value);
    if (!spectrum.ok) return failedRecord({ file, failure: spectrum.failure });
    const fit = await service.value.fit(spectrum.value, { ...DEFAULT_FIT_OPTIONS, range: reference.range });
    if (!fit.ok) return failedRecord({ file, spectrum: spectrum.value, failure: fit.failure });
    const star = { file, spectrum: spectrum.value, result: fit.value, calibrated: calibrate(fit.value, null), warnings: [] };
    return starRecord(star, { software: software(), date: '' });
  };
});
