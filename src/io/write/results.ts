import Papa from 'papaparse';
import { worstFlag, type CalibratedValue } from '../../domain/fit.ts';
import { isElement, labelUnit } from '../../domain/labels.ts';
import type { FittedStar, Provenance } from './provenance.ts';

interface WrittenValue {
  readonly value: number | null;
  readonly sigma: number | null;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  readonly flag: string;
}

/** One star as JSON: raw and calibrated labels, [X/H] and [X/Fe] in dex, T_eff in K, v_mic and radial velocity in km/s. */
export function resultObject({ spectrum, fit, calibrated }: FittedStar) {
  const labels = Object.fromEntries(Object.entries(calibrated.parameters).map(([name, value]) => [name, written(value)]));
  const abundances = Object.fromEntries(
    Object.entries(calibrated.abundances).map(([element, value]) => {
      const { value: xh, ...rest } = written(value);
      return [element, { xh, ...rest }];
    }),
  );
  const xfe = Object.fromEntries(
    fit.labels
      .filter(({ name }) => isElement(name))
      .map(({ name, value, sigma, priorFraction, flags }) => [
        name,
        { value: finite(value), sigma: finite(sigma), priorFraction: finite(priorFraction), flag: worstFlag(flags) },
      ]),
  );
  return {
    id: fit.spectrumId,
    object: spectrum.object ?? null,
    survey: spectrum.survey.name,
    simulated: spectrum.simulated,
    snr: finite(fit.snr),
    resolvingPower: finite(fit.resolvingPower),
    rv: { value: finite(fit.rv.value), sigma: finite(fit.rv.sigma), frame: spectrum.frame },
    chi2Reduced: finite(fit.chi2Reduced),
    errorsMeasured: spectrum.ivarIsMeasured,
    pixelsUsed: fit.pixelsUsed,
    converged: fit.converged,
    model: fit.model,
    calibration: calibrated.calibration,
    method: fit.method,
    seed: fit.seed,
    backend: fit.backend.name,
    seconds: finite(fit.seconds),
    evaluations: fit.evaluations,
    labels,
    abundances,
    xfe,
    warnings: fit.warnings,
    alerts: fit.alerts ?? [],
    meta: spectrum.meta,
  };
}

/** All stars as one JSON document with provenance and units. Numbers that are not finite are null. */
export function resultsToJson(stars: readonly FittedStar[], provenance: Provenance): string {
  const units = { teff: 'K', logg: 'dex (cm/s2)', vmic: 'km/s', feh: 'dex', xh: 'dex', xfe: 'dex', rv: 'km/s', seconds: 's' };
  return `${JSON.stringify({ ...provenance, units, results: stars.map(resultObject) }, null, 2)}\n`;
}

/** All stars as CSV, one row each, with units in the column names; values that are not known are empty. Provenance is in `#` lines above and in the columns. */
export function resultsToCsv(stars: readonly FittedStar[], provenance: Provenance): string {
  const rows = stars.map((star) => csvRow(star));
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = Papa.unparse({ fields: columns, data: rows.map((row) => columns.map((column) => row[column] ?? '')) }, { newline: '\n' });
  return `# ${provenance.software}\n# date: ${provenance.date}\n${table}\n`;
}

function csvRow(star: FittedStar): Record<string, string | number | null> {
  const { spectrum, calibrated } = star;
  const result = resultObject(star);
  const row: Record<string, string | number | null> = {
    id: result.id,
    object: result.object,
    survey: result.survey,
    simulated: String(result.simulated),
    model: result.model,
    calibration: result.calibration,
    method: result.method,
    seed: result.seed,
    backend: result.backend,
    converged: String(result.converged),
    chi2_reduced: result.chi2Reduced,
    errors_measured: String(result.errorsMeasured),
    pixels_used: result.pixelsUsed,
    evaluations: result.evaluations,
    seconds_s: result.seconds,
    snr_per_pixel: result.snr,
    resolving_power: result.resolvingPower,
    rv_kms: result.rv.value,
    rv_sigma_kms: result.rv.sigma,
    rv_frame: result.rv.frame,
  };
  for (const [name, value] of Object.entries(calibrated.parameters)) addValue(row, name, labelUnit(name).replace('/', ''), written(value));
  for (const [element, value] of Object.entries(calibrated.abundances)) addValue(row, `${element}_H`, 'dex', written(value));
  for (const [element, value] of Object.entries(result.xfe)) {
    row[`${element}_Fe_dex`] = value.value;
    row[`${element}_Fe_sigma_dex`] = value.sigma;
    row[`${element}_Fe_prior_fraction`] = value.priorFraction;
    row[`${element}_Fe_flag`] = value.flag;
  }
  for (const [key, value] of Object.entries(spectrum.meta)) row[`meta_${key}`] = value;
  row['alerts'] = result.alerts.map(({ code }) => code).join(' ');
  row['warnings'] = result.warnings.join(' | ');
  return row;
}

function addValue(row: Record<string, string | number | null>, name: string, unit: string, value: WrittenValue): void {
  row[`${name}_${unit}`] = value.value;
  row[`${name}_sigma_${unit}`] = value.sigma;
  row[`${name}_calibrated_${unit}`] = value.calibrated;
  row[`${name}_sigma_calibrated_${unit}`] = value.sigmaCalibrated;
  row[`${name}_flag`] = value.flag;
}

function written(value: CalibratedValue): WrittenValue {
  return {
    value: finite(value.value),
    sigma: finite(value.sigma),
    calibrated: finite(value.calibrated),
    sigmaCalibrated: finite(value.sigmaCalibrated),
    flag: worstFlag(value.flags),
  };
}

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);
