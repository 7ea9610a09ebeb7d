/** Our raw labels as a results file holds them. */
import { isElement, type Element } from '../../src/domain/labels.ts';
import { isMeasuredBy, LONG_FROM, type RawLabels, type RawValue } from '../../src/calibration/rawLabels.ts';
import type { CalibratedName } from '../../src/calibration/names.ts';
import type { StarRecord } from '../../src/results/record.ts';

/** Raw labels of a record, [X/H] for elements. `longest`: longest wavelength that was used, Å, where it is known. */
export function rawLabelsOfRecord(record: StarRecord, longest?: number): RawLabels {
  const values: Partial<Record<CalibratedName, RawValue>> = {};
  const ratioSigmas: Partial<Record<Element, number>> = {};
  const spoilt = !record.converged || record.alerts.some(({ spoilsLabels }) => spoilsLabels);
  for (const name of ['teff', 'logg', 'feh'] as const) {
    const label = record.labels[name];
    if (label?.value == null || label.sigma === null) continue;
    values[name] = { value: label.value, sigma: label.sigma, measured: !spoilt && isMeasuredBy(label.flags) };
  }
  for (const [name, { xh, sigma, flags }] of Object.entries(record.abundances)) {
    if (!isElement(name) || xh === null || sigma === null) continue;
    values[name] = { value: xh, sigma, measured: !spoilt && isMeasuredBy(flags) };
    const ratio = record.labels[name]?.sigma;
    if (ratio != null) ratioSigmas[name] = ratio;
  }
  return { values, ratioSigmas, long: !((longest ?? Infinity) < LONG_FROM) };
}
