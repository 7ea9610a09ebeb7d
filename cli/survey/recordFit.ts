/** The fit of one spectrum as the record that every file of results holds. */
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { emissionLines, type EmissionLine } from './emission.ts';

export interface RecordedFit {
  readonly record: object;
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
  if (!fit.ok) return { record: { file, ok: false, id: spectrum.id, failure: fit.failure }, emission: [] };
  const record = {
    ...service.report(file, spectrum, fit.value, service.calibrate(fit.value), [...warnings, ...fit.warnings]),
    meta: spectrum.meta,
  };
  return { record, emission: emissionLines(spectrum.flux, fit.value) };
}
