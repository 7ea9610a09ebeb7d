/** The fit of one spectrum as the record that every file of results holds. */
import type { FitService } from '../../src/compute/service.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';

/** `warnings` are those of reading the file. */
export async function recordFit(
  service: FitService,
  file: string,
  spectrum: Spectrum,
  options: FitOptions,
  warnings: readonly string[],
): Promise<object> {
  const fit = await service.fit(spectrum, options);
  if (!fit.ok) return { file, ok: false, id: spectrum.id, failure: fit.failure };
  return { ...service.report(file, spectrum, fit.value, [...warnings, ...fit.warnings]), meta: spectrum.meta };
}
