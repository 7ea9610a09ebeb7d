/** The fit of one spectrum as the record that every file of results holds. */
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { software } from '../../src/domain/version.ts';
import { failedRecord, starRecord, type ResultRecord } from '../../src/results/record.ts';
import { emissionLines, type EmissionLine } from './emission.ts';

export interface RecordedFit {
  readonly record: ResultRecord;
  readonly emission: readonly EmissionLine[];
}

/** `warnings` are those of reading the file. */
export async function recordFit(
  service: FitService,
  file: string,
  spectrum: Spectrum,
  options: FitOptions,
  warnings: readonly string[],
): Promise<RecordedFit> {
  const fit = await service.fit(spectrum, options);
  if (!fit.ok) return { record: failedRecord({ file, spectrum, failure: fit.failure }), emission: [] };
  const star = { file, spectrum, result: fit.value, calibrated: service.calibrate(fit.value), warnings: [...warnings, ...fit.warnings] };
  return {
    record: starRecord(star, { software: software(), date: new Date().toISOString() }),
    emission: emissionLines(spectrum.flux, fit.value),
  };
}
