import { join } from 'node:path';
import { degradeToSurvey } from '../../src/spectra/degradeToSurvey.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { readCsvTable } from './csvTable.ts';

/** LAMOST's resolving power, and an S/N at which the model's own error decides. */
const RESOLVING_POWER = 1800;
const SNR = 300;

/** The Sun as LAMOST would see it: the TSIS-1 hybrid solar reference (FWHM 1 Å, vacuum) at R = 1800. Failures `FILE_UNREADABLE`, `SUN_UNREADABLE`. */
export async function readSun(shared: string): Promise<Result<Spectrum>> {
  const path = join(shared, 'spectra', 'sun', 'tsis1-hsrs-v2_p1nm.csv.gz');
  const rows = await readCsvTable(path);
  if (!rows.ok) return rows;
  const wavelength = Float64Array.from(rows.value, (row) => 10 * Number(row['wavelength_nm_vacuum']));
  const flux = Float64Array.from(rows.value, (row) => Number(row['irradiance_W_m2_nm']));
  if (wavelength.length === 0 || !wavelength.every(Number.isFinite) || !flux.every(Number.isFinite))
    return failed(
      'SUN_UNREADABLE',
      `${path} lacks numbers in wavelength_nm_vacuum and irradiance_W_m2_nm.`,
      'Give the table as it was published.',
    );
  return success(degradeToSurvey({ id: 'Sun (TSIS-1 HSRS)', wavelength, flux, fwhm: 1, fluxUnit: 'W m⁻² nm⁻¹' }, RESOLVING_POWER, SNR));
}
