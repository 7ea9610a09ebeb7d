/** The columns of a catalogue: one row per spectrum, with unit, UCD and a sentence each. Names are those of every other table of results. */
import { FLAG_ORDER, type LabelFlag } from '../../src/domain/fit.ts';
import { ELEMENTS, labelTitle, labelUnit, PARAMETERS } from '../../src/domain/labels.ts';
import { PARAMETER_UCDS } from '../../src/results/ucds.ts';
import type { Cell, TableColumn } from '../../src/io/write/table/column.ts';
import type { FittedLine, LineValue, SurveyLine } from './line.ts';

export interface CatalogueColumn extends TableColumn {
  readonly cell: (line: SurveyLine) => Cell;
}

/** A bit keeps its meaning in every version: a new flag takes the next one free. */
const BITS: Readonly<Record<LabelFlag, number>> = {
  unreliable: 1,
  'not-converged': 2,
  'out-of-range': 4,
  'at-bound': 8,
  'prior-dominated': 16,
  fixed: 32,
  uncalibrated: 64,
  given: 128,
  'model-dominated': 256,
  'solar-zero-point': 512,
};
/** Bits of the columns `…_flags`, worst flag first. */
export const FLAG_BITS: readonly (readonly [bit: number, flag: string])[] = FLAG_ORDER.map((flag) => [BITS[flag], flag]);
export const flagBitsText = FLAG_BITS.map(([bit, flag]) => `${String(bit)} ${flag}`).join(', ');

/** 0 nothing doubtful; 1 a doubt that leaves the labels; 2 the labels are spoilt; 3 not fitted. */
export function quality({ record }: SurveyLine): number {
  if (!record.ok) return 3;
  if (Object.values(record.labels).some(({ flag }) => flag === 'unreliable')) return 2;
  return record.alerts.length > 0 ? 1 : 0;
}

export const flagBits = ({ flag, flags }: LineValue): number =>
  FLAG_BITS.reduce((sum, [bit, name]) => (flags?.includes(name) === true || flag === name ? sum + bit : sum), 0);

type Kind = TableColumn['kind'];

const column = (
  name: string,
  kind: Kind,
  unit: string | null,
  ucd: string | null,
  description: string,
  cell: (line: SurveyLine) => Cell | undefined,
): CatalogueColumn => ({
  name,
  kind,
  unit,
  ucd,
  description,
  cell: (line) => cell(line) ?? null,
});

const fitted =
  (of: (record: FittedLine) => Cell | undefined) =>
  (line: SurveyLine): Cell | undefined =>
    line.record.ok ? of(line.record) : null;
const numeric = (value: string | number | undefined): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

const HEAD: readonly CatalogueColumn[] = [
  column('file', 'text', null, 'meta.id;meta.file', 'File, as the source of the survey names it', ({ file }) => file),
  column('file_index', 'integer', null, 'meta.number', 'Number of the spectrum in its file, from 0', ({ index }) => index),
  column('source_sha256', 'text', null, 'meta.code', 'SHA-256 of the bytes of the file', ({ sha256 }) => sha256),
  column('id', 'text', null, 'meta.id;meta.main', 'Name of the spectrum', ({ record }) => record.id),
  column(
    'object',
    'text',
    null,
    'meta.id',
    'Object, as the file names it',
    fitted(({ object }) => object),
  ),
  column(
    'obsid',
    'text',
    null,
    'meta.id',
    'Number that the survey gives the spectrum',
    fitted(({ meta }) => (meta?.['obsid'] === undefined ? null : String(meta['obsid']))),
  ),
  column(
    'ra',
    'double',
    'deg',
    'pos.eq.ra;meta.main',
    'Right ascension, as the file states it',
    fitted(({ meta }) => numeric(meta?.['ra'] ?? meta?.['ra_deg'])),
  ),
  column(
    'dec',
    'double',
    'deg',
    'pos.eq.dec;meta.main',
    'Declination, as the file states it',
    fitted(({ meta }) => numeric(meta?.['dec'] ?? meta?.['dec_deg'])),
  ),
  column(
    'survey',
    'text',
    null,
    'meta.dataset',
    'Survey or instrument',
    fitted(({ survey }) => survey),
  ),
  column(
    'quality',
    'integer',
    null,
    'meta.code.qual',
    '0 nothing doubtful, 1 a doubt that leaves the labels, 2 the labels are spoilt, 3 not fitted',
    quality,
  ),
  column('failure', 'text', null, 'meta.code.error', 'Why the spectrum was not fitted', ({ record }) =>
    record.ok ? null : record.failure.code,
  ),
  column(
    'alerts',
    'text',
    null,
    'meta.code.qual',
    'Doubts about the spectrum as a whole, worst first',
    fitted(({ alerts }) => alerts.map(({ code }) => code).join(' ')),
  ),
  column(
    'emission_line',
    'text',
    null,
    'meta.code;em.line',
    'Strongest line that stands above the model in emission',
    ({ emission }) => emission[0]?.line,
  ),
  column('emission_sigma', 'double', null, 'stat.snr;em.line', 'Excess of that line over its error', ({ emission }) => emission[0]?.sigma),
  column(
    'visits',
    'integer',
    null,
    'meta.number',
    'Spectra that the row was fitted from, jointly',
    fitted(({ visits }) => visits?.length ?? 1),
  ),
  column(
    'simulated',
    'boolean',
    null,
    'meta.code',
    'The spectrum came from a model',
    fitted(({ simulated }) => simulated),
  ),
  column(
    'converged',
    'boolean',
    null,
    'meta.code.qual',
    'The optimiser reached its end',
    fitted(({ converged }) => converged),
  ),
  column(
    'snr_per_pixel',
    'double',
    null,
    'stat.snr',
    'Median signal to noise per pixel',
    fitted(({ snr }) => snr),
  ),
  column(
    'chi2_reduced',
    'double',
    null,
    'stat.fit.chi2',
    'χ² per degree of freedom, by the errors of the survey and of the model',
    fitted(({ chi2Reduced }) => chi2Reduced),
  ),
  column(
    'pixels_used',
    'integer',
    null,
    'meta.number',
    'Pixels that entered χ²',
    fitted(({ pixelsUsed }) => pixelsUsed),
  ),
  column(
    'training_distance',
    'double',
    null,
    'stat.value',
    'Distance of the labels to the nearest training star of the model, over that between training stars',
    fitted(({ trainingDistance }) => trainingDistance),
  ),
  column(
    'resolving_power',
    'double',
    null,
    'spect.resolution',
    'λ/FWHM at 5500 Å, extra broadening included',
    fitted(({ resolvingPower }) => resolvingPower),
  ),
  column(
    'rv',
    'double',
    'km/s',
    'spect.dopplerVeloc',
    'Radial velocity in the frame of the spectrum',
    fitted(({ rv }) => rv.value),
  ),
  column(
    'rv_sigma',
    'double',
    'km/s',
    'stat.error;spect.dopplerVeloc',
    '68 % error of rv',
    fitted(({ rv }) => rv.sigma),
  ),
  column(
    'rv_pipeline',
    'double',
    'km/s',
    'spect.dopplerVeloc',
    'Radial velocity that the survey states',
    ({ pipelineVelocity }) => pipelineVelocity,
  ),
];

function valueColumns(
  name: string,
  title: string,
  unit: string,
  ucd: string,
  of: (record: FittedLine) => LineValue | undefined,
): CatalogueColumn[] {
  const value = (get: (one: LineValue) => Cell | undefined) =>
    fitted((record) => {
      const one = of(record);
      return one === undefined ? null : get(one);
    });
  return [
    column(
      name,
      'double',
      unit,
      ucd,
      `${title}, raw`,
      value((one) => one.value ?? one.xh),
    ),
    column(
      `${name}_sigma`,
      'double',
      unit,
      `stat.error;${ucd}`,
      `68 % error of ${title}, raw`,
      value(({ sigma }) => sigma),
    ),
    column(
      `${name}_calibrated`,
      'double',
      unit,
      ucd,
      `${title}, calibrated; null where the calibration does not reach`,
      value(({ calibrated }) => calibrated),
    ),
    column(
      `${name}_sigma_calibrated`,
      'double',
      unit,
      `stat.error;${ucd}`,
      `68 % error of ${title}, calibrated`,
      value(({ sigmaCalibrated }) => sigmaCalibrated),
    ),
    column(`${name}_flags`, 'integer', null, 'meta.code.qual', `Sum of bits: ${flagBitsText}`, value(flagBits)),
  ];
}

/** What is known of a label, but not of an [X/H]. */
function labelColumns(
  name: string,
  title: string,
  unit: string,
  ucd: string,
  of: (record: FittedLine) => LineValue | undefined,
): CatalogueColumn[] {
  return [
    ...valueColumns(name, title, unit, ucd, of),
    column(
      `${name}_exposure_sigma`,
      'double',
      unit,
      `stat.error;${ucd}`,
      `The part of the error of ${title} that another exposure would not share`,
      fitted((record) => of(record)?.exposureSigma),
    ),
    column(
      `${name}_prior_fraction`,
      'double',
      null,
      'stat.value',
      `Error of ${title} over the width of its prior: near 1 the data say nothing`,
      fitted((record) => of(record)?.priorFraction),
    ),
  ];
}

/** All columns, the same for every catalogue. */
export const CATALOGUE: readonly CatalogueColumn[] = [
  ...HEAD,
  ...PARAMETERS.flatMap((name) =>
    labelColumns(name, labelTitle(name), labelUnit(name), PARAMETER_UCDS[name] ?? 'phys', (record) => record.labels[name]),
  ),
  ...ELEMENTS.flatMap((name) => valueColumns(`${name}_H`, `[${name}/H]`, 'dex', 'phys.abund', (record) => record.abundances[name])),
  ...ELEMENTS.flatMap((name) => labelColumns(`${name}_Fe`, labelTitle(name), 'dex', 'phys.abund', (record) => record.labels[name])),
];
