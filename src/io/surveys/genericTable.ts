import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import { assemble } from '../assemble.ts';
import { columnMeaning, toIvar, type ColumnMeaning, type ColumnRole } from '../columns.ts';
import { asciiColumnNames } from '../fits/asciiTable.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { tableColumns } from '../fits/table.ts';
import { angstromsPer } from '../wavelengthUnit.ts';
import { assumedLsf, assumedMedium, frameOf } from './assumed.ts';
import { columnNumbers, type SurveyReader } from './reader.ts';

interface Named {
  readonly name: string;
  readonly meaning: ColumnMeaning;
}

function namedColumns(hdu: Hdu): Named[] {
  if (hdu.kind === 'ascii-table') {
    return asciiColumnNames(hdu).map((name, i) => ({ name, meaning: columnMeaning(name, hdu.header.text(`TUNIT${i + 1}`)) }));
  }
  const columns = hdu.kind === 'table' ? tableColumns(hdu) : null;
  return columns?.ok ? columns.value.map(({ name, unit }) => ({ name, meaning: columnMeaning(name, unit) })) : [];
}

const pick = (columns: readonly Named[], ...roles: ColumnRole[]): Named | undefined =>
  columns.find(({ meaning }) => meaning.role !== null && roles.includes(meaning.role));

const spectral = (file: FitsFile): Hdu | undefined =>
  file.hdus.find((hdu) => {
    const columns = namedColumns(hdu);
    return pick(columns, 'wavelength', 'log-wavelength') !== undefined && pick(columns, 'flux') !== undefined;
  });

/** Any table with columns of wavelength and flux, by name and TUNIT: one pixel a row, or one spectrum a row in vector cells. */
export const genericTable: SurveyReader = {
  name: 'table of wavelength and flux',
  identify: (file) => spectral(file) !== undefined,
  load: (id, file) => {
    const hdu = spectral(file);
    if (!hdu) throw new Error('load before identify');
    const columns = namedColumns(hdu);
    const wave = pick(columns, 'wavelength', 'log-wavelength');
    const flux = pick(columns, 'flux');
    const error = pick(columns, 'ivar', 'sigma', 'variance');
    if (!wave || !flux) throw new Error('identified without columns');
    const wavelength = wavelengths(hdu, wave);
    if (!wavelength.ok) return wavelength;
    const fluxes = columnNumbers(hdu, flux.name);
    if (!fluxes.ok) return fluxes;
    const errors = error ? columnNumbers(hdu, error.name) : null;
    if (errors && !errors.ok) return errors;
    const role = error?.meaning.role;
    const ivar = errors && (role === 'ivar' || role === 'sigma' || role === 'variance') ? toIvar(role, errors.value) : null;
    return build(id, file, hdu, { wave, flux, wavelength: wavelength.value, fluxes: fluxes.value, ivar });
  },
};

interface TableArrays {
  readonly wave: Named;
  readonly flux: Named;
  readonly wavelength: Float64Array;
  readonly fluxes: Float64Array;
  readonly ivar: Float64Array | null;
}

function build(id: string, file: FitsFile, hdu: Hdu, { wave, flux, wavelength, fluxes, ivar }: TableArrays): Result<readonly Spectrum[]> {
  const rows = hdu.header.number('NAXIS2') ?? 1;
  const perRow = rows > 0 ? wavelength.length / rows : 0;
  const count = perRow > 1 ? rows : 1;
  const primary = file.hdus[0]?.header ?? hdu.header;
  const warnings: string[] = [];
  const medium = wave.meaning.medium ?? assumedMedium(warnings);
  const lsf = assumedLsf(hdu.header.has('SPEC_RES') ? hdu.header : primary, warnings);
  const spectra: Spectrum[] = [];
  for (let k = 0; k < count; k++) {
    const part = (array: Float64Array): Float64Array => array.subarray((k * array.length) / count, ((k + 1) * array.length) / count);
    const built = assemble({
      id: count > 1 ? `${id}#${k + 1}` : id,
      survey: unknownSurvey(primary.text('INSTRUME')),
      object: hdu.header.text('OBJECT') ?? primary.text('OBJECT'),
      wavelength: part(wavelength),
      flux: part(fluxes),
      ivar: ivar && part(ivar),
      medium,
      frame: frameOf(primary),
      fluxUnit: flux.meaning.unit ?? 'unknown unit',
      lsf,
      meta: { date: primary.text('DATE-OBS'), telescope: primary.text('TELESCOP') },
    });
    if (!built.ok) return built;
    spectra.push(built.value);
    warnings.push(...built.warnings);
  }
  return success(spectra, warnings);
}

function wavelengths(hdu: Hdu, { name, meaning }: Named): Result<Float64Array> {
  const raw = columnNumbers(hdu, name);
  if (!raw.ok) return raw;
  if (meaning.role === 'log-wavelength') return success(raw.value.map((log) => 10 ** log));
  if (meaning.unit !== null && angstromsPer(meaning.unit) === null) {
    return failed('FITS_UNSUPPORTED', `The wavelength unit of column "${name}" is "${meaning.unit}".`, 'Use Angstrom, nm, um or m.');
  }
  const factor = meaning.angstroms ?? 1;
  return success(raw.value.map((value) => factor * value));
}
