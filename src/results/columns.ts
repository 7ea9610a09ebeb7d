/** Results as a table with one row a star: the columns that CSV and FITS write. */
import { PARAMETERS, labelUnit } from '../domain/labels.ts';
import { softwareText } from '../domain/version.ts';
import { elementsOf, type RecordedAbundance, type RecordedLabel, type ResultRecord, type StarRecord } from './record.ts';

export type Cell = string | number | boolean | null;

/** One column; `unit` is null for what has none. */
export interface ResultColumn {
  readonly name: string;
  readonly unit: string | null;
  readonly cells: readonly Cell[];
}

/** Where the records stand in a column, and what a star has there. */
type Get = (star: StarRecord) => Cell | undefined;

/** Names that every star has, in the order they are printed. */
const HEAD: readonly (readonly [name: string, unit: string | null, get: Get])[] = [
  ['object', null, (star) => star.object],
  ['survey', null, (star) => star.survey],
  ['simulated', null, (star) => star.simulated],
  ['converged', null, (star) => star.converged],
  ['chi2_reduced', null, (star) => star.chi2Reduced],
  ['chi2_reduced_widened', null, (star) => star.chi2ReducedWidened],
  ['model_error', null, (star) => star.modelError],
  ['errors_measured', null, (star) => star.errorsMeasured],
  ['pixels_used', null, (star) => star.pixelsUsed],
  ['training_distance', null, (star) => star.trainingDistance],
  ['snr_per_pixel', null, (star) => star.snr],
  ['resolving_power', null, (star) => star.resolvingPower],
  ['rv', 'km/s', (star) => star.rv.value],
  ['rv_sigma', 'km/s', (star) => star.rv.sigma],
  ['rv_frame', null, (star) => star.rv.frame],
];

/** What each star was fitted with; options and line-spread function as JSON. */
const TAIL: readonly (readonly [name: string, unit: string | null, get: Get])[] = [
  ['alerts', null, (star) => star.alerts.map(({ code }) => code).join(' ')],
  ['warnings', null, (star) => star.warnings.join(' | ')],
  ['method', null, (star) => star.method],
  ['seed', null, (star) => star.seed],
  ['evaluations', null, (star) => star.evaluations],
  ['seconds', 's', (star) => star.seconds],
  ['software', null, (star) => softwareText(star.provenance.software)],
  ['date', null, (star) => star.provenance.date],
  ['model', null, (star) => star.model],
  ['model_sha256', null, (star) => star.provenance.model.weights],
  ['calibration', null, (star) => star.calibration],
  ['backend', null, (star) => star.backend],
  ['options', null, (star) => (star.provenance.options === null ? null : JSON.stringify(star.provenance.options))],
  ['lsf', null, (star) => JSON.stringify(star.provenance.lsf)],
  ['medium', null, (star) => star.provenance.medium],
  ['source_name', null, (star) => star.provenance.source.name],
  ['source_sha256', null, (star) => star.provenance.source.sha256],
  ['source_index', null, (star) => star.provenance.source.index],
  ['obsid', null, (star) => star.provenance.source.obsid],
];

/** The columns of one label, or of one [X/H]. */
function valueColumns(
  name: string,
  unit: string,
  of: (star: StarRecord) => RecordedLabel | RecordedAbundance | undefined,
): readonly (readonly [string, string | null, Get])[] {
  const raw = (value: RecordedLabel | RecordedAbundance | undefined) =>
    value === undefined ? undefined : 'xh' in value ? value.xh : value.value;
  return [
    [name, unit, (star) => raw(of(star))],
    [`${name}_sigma`, unit, (star) => of(star)?.sigma],
    [`${name}_exposure_sigma`, unit, (star) => of(star)?.exposureSigma],
    [`${name}_noise_sigma`, unit, (star) => of(star)?.errors?.noise],
    [`${name}_model_sigma`, unit, (star) => of(star)?.errors?.model],
    [`${name}_network_sigma`, unit, (star) => of(star)?.errors?.network],
    [`${name}_cramer_rao`, unit, (star) => of(star)?.cramerRao],
    [`${name}_calibrated`, unit, (star) => of(star)?.calibrated],
    [`${name}_sigma_calibrated`, unit, (star) => of(star)?.sigmaCalibrated],
    [`${name}_prior_fraction`, null, (star) => of(star)?.priorFraction],
    [`${name}_flag`, null, (star) => of(star)?.flag],
    [`${name}_given`, null, (star) => of(star)?.given],
    [`${name}_note`, null, (star) => of(star)?.note],
    ...['q05', 'q16', 'q50', 'q84', 'q95'].map((q, i) => [`${name}_${q}`, unit, (star: StarRecord) => of(star)?.quantiles?.[i]] as const),
  ];
}

/** All columns of some results, in the order they are printed. Columns that no star fills are left out, but for those of `HEAD` and `TAIL`. */
export function resultColumns(records: readonly ResultRecord[]): readonly ResultColumn[] {
  const stars = records.flatMap((record) => (record.ok ? [record] : []));
  const column = ([name, unit, get]: readonly [string, string | null, Get]): ResultColumn => ({
    name,
    unit,
    cells: records.map((record) => (record.ok ? (get(record) ?? null) : null)),
  });
  // A person notes stars that could not be fitted, too.
  const noted = (['note', 'comment'] as const).map((name): ResultColumn => ({
    name,
    unit: null,
    cells: records.map((record) => record[name] ?? null),
  }));
  const filled = (one: ResultColumn): boolean => one.cells.some((cell) => cell !== null);
  const meta = [...new Set(stars.flatMap((star) => Object.keys(star.meta)))].filter((key) => key !== 'obsid');
  const values = [
    ...PARAMETERS.flatMap((name) => valueColumns(name, labelUnit(name), (star) => star.labels[name])),
    ...elementsOf(stars, 'abundances')
      // [Fe/H] is `feh`.
      .filter((name) => name !== 'Fe')
      .flatMap((name) => valueColumns(`${name}_H`, 'dex', (star) => star.abundances[name])),
    ...elementsOf(stars, 'labels').flatMap((name) => valueColumns(`${name}_Fe`, 'dex', (star) => star.labels[name])),
  ];
  return [
    { name: 'file', unit: null, cells: records.map(({ file }) => file) },
    { name: 'id', unit: null, cells: records.map(({ id }) => id ?? null) },
    { name: 'ok', unit: null, cells: records.map(({ ok }) => ok) },
    {
      name: 'failure',
      unit: null,
      cells: records.map((record) => (record.ok ? null : `${record.failure.code}: ${record.failure.message}`)),
    },
    ...noted.filter(filled),
    ...HEAD.map(column),
    ...values.map(column).filter(filled),
    ...TAIL.map(column),
    ...meta.map((key) => column([`meta_${key}`, null, (star) => star.meta[key]])),
  ];
}
