import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { columnMeaning } from '../columns.ts';
import type { ReadRequest } from '../readOptions.ts';
import { GAIA_RVS, surveyNamed } from '../surveys/records.ts';
import { isSpectral, spectraFromColumns, type DataColumn } from '../tabular.ts';
import { ecsvColumns } from './ecsv.ts';
import { readNotes } from './notes.ts';
import { textTable, type TextTable } from './rows.ts';
import { thirdColumn } from './thirdColumn.ts';

/**
 * A spectrum as text: comma, semicolon, tab or white space between columns (decimal commas too); `#` comments; a header of names, or 2–3
 * columns without one (wavelength, flux, and what the third proves to be). ECSV headers and IRAF wspectext cards are understood. Units and
 * medium come from names (`wavelength_nm`, `wave_air`, `Flux [erg/s/cm2/A]`) or comments (`# medium: air`, `# VACUUM = F`, `# frame: rest`,
 * `# resolving_power: 1800`, `# fwhm_angstrom: 2.5`, `# flux_unit: …`, `# object: …`). Columns flux_0, flux_1 … are a spectrum each.
 * Failures: TEXT_NO_NUMBERS, TEXT_ONE_COLUMN, and those of `spectraFromColumns`.
 */
export function readText(id: string, text: string, request: ReadRequest): Result<readonly Spectrum[]> {
  const table = textTable(text);
  const [first] = table.rows;
  if (!first) {
    return failed(
      'TEXT_NO_NUMBERS',
      table.firstLine === ''
        ? 'The text has no line with numbers.'
        : `No line of the text begins with two numbers; the first line is "${table.firstLine.slice(0, 60)}".`,
      'Give one pixel a line: wavelength (Å), flux and, if known, sigma, separated by commas or blanks.',
    );
  }
  if (first.length < 2) {
    return failed(
      'TEXT_ONE_COLUMN',
      `The text has ${table.rows.length} lines with a single number.`,
      'Give at least two columns: wavelength (Å) and flux.',
    );
  }
  const notes = readNotes(table.comments);
  const warnings: string[] = [...notes.warnings];
  if (table.skipped > 0) warnings.push(`${table.skipped} lines without numbers were skipped.`);
  const columns = namedColumns(table, warnings);
  const gaia = table.header?.includes('combined_ccds') === true && table.header.includes('source_id');
  const read = spectraFromColumns(
    columns,
    {
      id,
      format: 'text',
      survey: gaia ? GAIA_RVS : surveyNamed(notes.text.get('survey') ?? 'unknown'),
      object: notes.text.get('object'),
      medium: gaia ? 'vacuum' : notes.medium,
      frame: gaia ? 'rest' : notes.frame,
      lsf: gaia ? { kind: 'resolving-power', resolvingPower: GAIA_RVS_POWER } : notes.lsf,
      fluxUnit: gaia ? 'normalised flux' : (notes.text.get('flux_unit') ?? null),
      angstroms: gaia ? 10 : notes.angstroms,
      meta: Object.fromEntries(notes.text),
      cleaned: (notes.text.get('software') ?? '').startsWith('Maury'),
      simulated: notes.text.get('simulated') === 'yes',
      ivarIsMeasured: notes.text.get('errors') !== 'guessed',
    },
    request,
  );
  return read.ok ? success(read.value, [...new Set([...warnings, ...read.warnings])]) : read;
}

/**
 * Mean spectra of the Radial Velocity Spectrometer: 846–870 nm, vacuum, rest frame, normalised, R ≈ 11 500 (Cropper et al. 2018, A&A 616,
 * A5; https://gea.esac.esa.int/archive/documentation/GDR3/Gaia_archive/chap_datamodel/sec_dm_spectroscopic_tables/ssec_dm_rvs_mean_spectrum.html).
 */
const GAIA_RVS_POWER = 11_500;

/** The columns under their names; by position (wavelength, flux and what the third proves to be) where the names do not tell. */
function namedColumns(table: TextTable, warnings: string[]): DataColumn[] {
  const width = table.rows[0]?.length ?? 0;
  const values = (index: number): Float64Array => Float64Array.from(table.rows, (row) => row[index] ?? NaN);
  const described = ecsvColumns(table.comments);
  const names = described.length === width ? described : (table.header ?? []).map((name) => ({ name }));
  const named = names.map((column, index): DataColumn => ({ ...column, values: values(index) }));
  if (isSpectral(named)) return named;
  if (table.header) {
    warnings.push(
      `The header "${table.header.join(', ').slice(0, 80)}" names no wavelength and flux: the columns are taken as wavelength, flux, sigma.`,
    );
  }
  const flux = values(1);
  const [wave] = named;
  const unit = wave ? columnMeaning(wave.name).unit : null;
  const plain: DataColumn[] = [
    { name: 'wavelength', unit, values: values(0) },
    { name: 'flux', values: flux },
  ];
  if (width < 3) return plain;
  const third = thirdColumn(flux, values(2), warnings);
  if (third !== null) plain.push({ name: third, values: values(2) });
  return plain;
}
