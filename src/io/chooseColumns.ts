/** Which columns of a table make a spectrum: wavelength, flux, the error that belongs to that flux, masks, resolution. */
import { columnMeaning, isErrorRole, type ColumnDescription, type ColumnMeaning, type ErrorRole } from './columns.ts';

export interface MeantColumn {
  readonly index: number;
  readonly name: string;
  readonly meaning: ColumnMeaning;
}

/** The columns of one spectrum. */
export interface ColumnGroup {
  readonly wavelength: MeantColumn;
  readonly flux: MeantColumn;
  readonly error: { readonly column: MeantColumn; readonly role: ErrorRole } | null;
  readonly masks: readonly MeantColumn[];
  readonly orMasks: readonly MeantColumn[];
  readonly resolution: MeantColumn | null;
}

export interface ChosenColumns {
  /** One per spectrum, in the order of the columns; empty where no wavelength or flux is named. */
  readonly groups: readonly ColumnGroup[];
  readonly warnings: readonly string[];
}

/** Fluxes that are not the star's. */
const NOT_THE_STAR =
  /^(sky|noss|nosky|ns|bkg|bg|background|model|best|fit|synth|synthetic|template|cont|continuum|telluric|trans|transmission|throughput|response|sensitivity|dark|flat|arc|resid|residual|residuals|calib)$/;
const UNCALIBRATED = /^(raw|reduced|uncal|uncalibrated|adu|electrons?|instrumental|boxcar|box)$/;
const NORMALISED = /^norm/;
const NUMBER = /^\d+$/;

/** 0: the flux; 1: one of several, by number or an unknown word; 2: normalised; 3: before calibration; null: not the star's. */
function rank({ qualifiers }: ColumnMeaning): number | null {
  if (qualifiers.some((word) => NOT_THE_STAR.test(word))) return null;
  if (qualifiers.some((word) => UNCALIBRATED.test(word))) return 3;
  if (qualifiers.some((word) => NORMALISED.test(word))) return 2;
  return qualifiers.length === 0 ? 0 : 1;
}

export function chooseColumns(descriptions: readonly ColumnDescription[], errorColumn?: string): ChosenColumns {
  const columns = descriptions.map((described, index): MeantColumn => ({ index, name: described.name, meaning: columnMeaning(described) }));
  const waves = columns.filter(({ meaning }) => /wavelength$/.test(meaning.role ?? ''));
  const fluxes = columns.flatMap((column) => {
    const order = column.meaning.role === 'flux' ? rank(column.meaning) : null;
    return order === null ? [] : [{ column, order }];
  });
  const best = Math.min(...fluxes.map(({ order }) => order));
  const chosen = fluxes.filter(({ order }) => order === best).map(({ column }) => column);
  const warnings: string[] = [];
  const [first, ...more] = chosen;
  if (!first || waves.length === 0) return { groups: [], warnings };
  const several = best === 1 ? chosen : [first];
  if (best !== 1 && more.length > 0) {
    warnings.push(
      `The columns ${more.map(({ name }) => `"${name}"`).join(', ')} hold fluxes too and are left out; "${first.name}" is used.`,
    );
  }
  const groups = several.flatMap((flux): ColumnGroup[] => {
    const wavelength = nearest(waves, flux);
    return wavelength ? [group(columns, wavelength, flux, errorColumn, warnings)] : [];
  });
  return { groups, warnings };
}

const sameWords = (a: MeantColumn, b: MeantColumn): boolean =>
  a.meaning.qualifiers.length === b.meaning.qualifiers.length && a.meaning.qualifiers.every((word) => b.meaning.qualifiers.includes(word));
const numberOf = ({ meaning }: MeantColumn): string | undefined => meaning.qualifiers.find((word) => NUMBER.test(word));

/** The wavelengths that share the flux's number or words; else the first that has none. */
function nearest(waves: readonly MeantColumn[], flux: MeantColumn): MeantColumn | undefined {
  return (
    waves.find((wave) => sameWords(wave, flux)) ??
    waves.find((wave) => numberOf(wave) !== undefined && numberOf(wave) === numberOf(flux)) ??
    waves.find(({ meaning }) => meaning.qualifiers.length === 0) ??
    waves[0]
  );
}

function group(
  columns: readonly MeantColumn[],
  wavelength: MeantColumn,
  flux: MeantColumn,
  errorColumn: string | undefined,
  warnings: string[],
): ColumnGroup {
  const number = numberOf(flux);
  const mine = (column: MeantColumn): boolean => numberOf(column) === undefined || numberOf(column) === number;
  const withRole = (...roles: string[]): MeantColumn[] =>
    columns.filter((column) => roles.includes(column.meaning.role ?? '') && mine(column));
  return {
    wavelength,
    flux,
    error: errorOf(columns, flux, errorColumn, warnings),
    masks: withRole('mask', 'good'),
    orMasks: withRole('or-mask'),
    resolution: withRole('resolving-power', 'fwhm')[0] ?? null,
  };
}

const ERROR_ORDER: readonly ErrorRole[] = ['ivar', 'sigma', 'variance', 'relative-sigma', 'percent-sigma', 'snr'];

/** The error with the flux's own words (`ERR_FLUX_NOSS` belongs to `FLUX_NOSS`); an error without words belongs to a flux that is alone. */
function errorOf(columns: readonly MeantColumn[], flux: MeantColumn, wanted: string | undefined, warnings: string[]): ColumnGroup['error'] {
  if (wanted !== undefined) {
    if (wanted === 'none') return null;
    const column = columns.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    if (column) return { column, role: isErrorRole(column.meaning.role) ? column.meaning.role : 'sigma' };
    warnings.push(
      `There is no column "${wanted}" for the errors; there are: ${columns
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 120)}.`,
    );
    return null;
  }
  const errors = columns
    .flatMap((column) => (isErrorRole(column.meaning.role) ? [{ column, role: column.meaning.role }] : []))
    .sort((a, b) => ERROR_ORDER.indexOf(a.role) - ERROR_ORDER.indexOf(b.role));
  const own = errors.find(({ column }) => sameWords(column, flux));
  if (own) return own;
  const fluxes = columns.filter(({ meaning }) => meaning.role === 'flux' && rank(meaning) !== null);
  const unspecific = errors.find(({ column }) => column.meaning.qualifiers.length === 0);
  const numbered = flux.meaning.qualifiers.every((word) => NUMBER.test(word));
  if (unspecific && (fluxes.length === 1 || numbered)) return unspecific;
  const alone = fluxes.length === 1 && errors.length === 1 ? errors[0] : undefined;
  if (alone && rank(alone.column.meaning) !== null) return alone;
  const [other] = errors;
  if (other) warnings.push(`The errors "${other.column.name}" belong to another flux than "${flux.name}" and are not used.`);
  return null;
}
