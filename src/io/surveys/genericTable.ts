/** Any FITS table with columns of wavelength and flux. */
import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import { joinOrKeep } from '../arms.ts';
import type { ColumnDescription } from '../columns.ts';
import { asciiColumnNames } from '../fits/asciiTable.ts';
import type { FitsHeader } from '../fits/header.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { tableColumns } from '../fits/table.ts';
import type { ReadRequest } from '../readOptions.ts';
import { collect, isSpectral, spectraFromColumns, type DataColumn, type TableFacts } from '../tabular.ts';
import { frameOf, headerLsf, headerMedium } from './assumed.ts';
import { knownInstrument } from './instruments.ts';
import { columnNumbers, type SurveyReader } from './reader.ts';

/** More rows of vector cells than this are a survey's catalogue: one of them must be chosen. */
const MAX_SPECTRA = 1000;

/** Names, units, UCDs and descriptions of a table's columns. */
export function describedColumns(hdu: Hdu): ColumnDescription[] {
  const names =
    hdu.kind === 'ascii-table' ? asciiColumnNames(hdu) : hdu.kind === 'table' ? valuesOf(tableColumns(hdu)).map(({ name }) => name) : [];
  return names.map((name, i) => ({
    name,
    unit: hdu.header.text(`TUNIT${i + 1}`) ?? null,
    ucd: hdu.header.text(`TUCD${i + 1}`) ?? null,
    description: hdu.header.text(`TCOMM${i + 1}`) ?? hdu.header.text(`TDESC${i + 1}`) ?? null,
  }));
}

const valuesOf = <T>(result: Result<readonly T[]>): readonly T[] => (result.ok ? result.value : []);

const spectral = (file: FitsFile): Hdu[] => file.hdus.filter((hdu) => isSpectral(describedColumns(hdu)));

/**
 * Tables with columns of wavelength and flux, by name, TUNIT and TUCD (the ESO science-data-product standard among them): one pixel a row, or
 * one spectrum a row in vector cells. Halves of one spectrum in several HDUs are joined. Failures: FITS_UNSUPPORTED, those of `spectraFromColumns`.
 */
export const genericTable: SurveyReader = {
  name: 'table of wavelength and flux',
  identify: (file) => spectral(file).length > 0,
  load: (id, file, request) => {
    const hdus = spectral(file);
    const results = hdus.map((hdu) => ({ hdu, result: fromTable(hdus.length > 1 ? `${id}#${label(hdu)}` : id, file, hdu, request) }));
    const read = collect(results.map(({ hdu, result }) => ({ name: label(hdu), result })));
    if (!read.ok || hdus.length === 1) return read;
    const parts = results.flatMap(({ hdu, result }) =>
      result.ok ? result.value.map((spectrum) => ({ name: `HDU ${hdu.index} "${hdu.name}"`, spectrum })) : [],
    );
    const joined = joinOrKeep(id, parts);
    if (!joined.ok) return joined;
    const left =
      joined.value.length > 1
        ? [`The file holds ${parts.length} spectra in several HDUs: ${parts.map(({ name }) => name).join(', ')}.`]
        : [];
    return success(joined.value, [...read.warnings, ...joined.warnings, ...left]);
  },
};

const label = (hdu: Hdu): string => (hdu.name === '' ? `HDU${hdu.index}` : hdu.name);

/** All spectra of one table HDU, as its headers describe it. */
export function fromTable(
  id: string,
  file: FitsFile,
  hdu: Hdu,
  request: ReadRequest,
  facts: Partial<TableFacts> = {},
): Result<readonly Spectrum[]> {
  const primary = file.hdus[0]?.header ?? hdu.header;
  const warnings: string[] = [];
  const described = describedColumns(hdu).filter(({ name }) => name !== '');
  const columns: DataColumn[] = [];
  for (const column of described) {
    const read = columnNumbers(hdu, column.name);
    if (read.ok) columns.push({ ...column, values: read.value });
    else if (isSpectral([column, { name: 'flux' }]) || isSpectral([column, { name: 'wave' }])) return read;
  }
  const rows = hdu.header.number('NAXIS2') ?? 1;
  const lengths = new Set(columns.map(({ values }) => values.length));
  const vector = rows > 0 && Math.max(...lengths) > rows;
  const wanted = vector
    ? columns.filter(({ values }) => values.length === Math.max(...lengths))
    : columns.filter(({ values }) => values.length === rows);
  const count = vector ? rows : 1;
  const chosen = chosenRows(hdu, count, request, described);
  if (!chosen.ok) return chosen;
  const instrument = knownInstrument(primary);
  const medium =
    instrument?.overrides === true
      ? instrument.medium
      : (facts.medium ?? headerMedium(warnings, hdu.header, primary) ?? instrument?.medium ?? null);
  const shared = {
    format: 'FITS table',
    survey: unknownSurvey(instrument?.name ?? primary.text('INSTRUME')),
    mediumIsSure: instrument?.overrides === true,
    object: objectOf(hdu.header) ?? objectOf(primary),
    medium,
    frame: instrument?.overrides === true ? (instrument.frame ?? 'observed') : frameOf(hdu.header.has('SPECSYS') ? hdu.header : primary),
    lsf: headerLsf(hdu.header, primary) ?? instrument?.lsf ?? null,
    fluxUnit: null,
    angstroms: null,
    meta: {
      date: primary.text('DATE-OBS'),
      telescope: primary.text('TELESCOP'),
      snr_stated: primary.number('SNR'),
      redshift_stated: primary.number('Z'),
    },
    ...facts,
  };
  const results = chosen.value.map((k) => {
    const part = (values: Float64Array): Float64Array => values.subarray((k * values.length) / count, ((k + 1) * values.length) / count);
    const name = count > 1 ? `${id}#${k + 1}` : id;
    return {
      name,
      result: spectraFromColumns(
        wanted.map((column) => ({ ...column, values: part(column.values) })),
        { ...shared, id: name },
        request,
      ),
    };
  });
  return collect(results, warnings);
}

const objectOf = (header: FitsHeader): string | undefined => header.text('OBJECT') ?? header.text('TARGNAME') ?? header.text('OBJNAME');

/** The rows to read: all, or the one that `target` names by its number. */
function chosenRows(hdu: Hdu, count: number, { options }: ReadRequest, described: readonly ColumnDescription[]): Result<readonly number[]> {
  const all = Array.from({ length: count }, (_, k) => k);
  if (count === 1) return success(all);
  if (options.target !== undefined) {
    const row = Number(options.target);
    if (Number.isInteger(row) && row >= 1 && row <= count) return success([row - 1]);
    return failed(
      'TARGET_UNKNOWN',
      `HDU ${hdu.index} has ${count} rows; "${options.target}" is none of them.`,
      `Give a row from 1 to ${count}.`,
    );
  }
  if (count <= MAX_SPECTRA) return success(all);
  return failed(
    'TOO_MANY_SPECTRA',
    `The table HDU ${hdu.index} "${hdu.name}" holds ${count} spectra (${described.length} columns).`,
    `Choose one of them as target, by its row from 1 to ${count}.`,
  );
}
