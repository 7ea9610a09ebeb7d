/** Spectra in NumPy files: `.npz` with arrays of obvious names, `.npy` with columns. */
import { failed, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import { readNpy, type NpyArray } from '../npz.ts';
import type { ReadRequest } from '../readOptions.ts';
import type { ZipEntry } from './unzip.ts';
import { spectraFromColumns, type DataColumn, type TableFacts } from '../tabular.ts';

const facts = (id: string, format: string): TableFacts => ({
  id,
  format,
  survey: unknownSurvey(),
  medium: null,
  frame: 'observed',
  lsf: null,
  fluxUnit: null,
  angstroms: null,
  meta: {},
});

const unsupported = (error: unknown) =>
  failed(
    'NUMPY_UNSUPPORTED',
    `The NumPy file cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    'Save plain arrays of numbers (numpy.savez with wavelength, flux and sigma), or the spectrum as text.',
  );

/** Names by which people mean the start and the step of a wavelength axis. */
const START = /^(wave0|w0|crval1?|lambda0|start)$/i;
const STEP = /^(step|dw|dwave|cdelt1?|dlambda|delta)$/i;

/**
 * An archive with 1-D arrays of one length (`wavelength`, `flux`, `sigma`, `ivar`, `mask` …), or `flux` beside `wave0` and `step`; numbers `R`,
 * texts `medium` and `object` are used. Failures: NUMPY_UNSUPPORTED, those of `spectraFromColumns`.
 */
export function readNpzSpectrum(id: string, files: readonly ZipEntry[], request: ReadRequest): Result<readonly Spectrum[]> {
  let entries: (readonly [string, NpyArray])[];
  try {
    entries = files
      .filter(({ name }) => name.endsWith('.npy'))
      .map(({ name, bytes }) => [name.replace(/\.npy$/, ''), readNpy(bytes, name)] as const);
  } catch (error) {
    return unsupported(error);
  }
  const scalar = (pattern: RegExp): NpyArray | undefined =>
    entries.find(([name, { data, text }]) => pattern.test(name) && (text?.length ?? data.length) === 1)?.[1];
  const longest = Math.max(0, ...entries.map(([, { data }]) => data.length));
  const columns: DataColumn[] = entries.flatMap(([name, { data, text }]) =>
    text === undefined && data.length === longest && longest > 1 ? [{ name, values: data }] : [],
  );
  const [start, step] = [scalar(START)?.data[0], scalar(STEP)?.data[0]];
  if (start !== undefined && step !== undefined && !columns.some(({ name }) => /^(wave|lam|wl)/i.test(name))) {
    columns.push({
      name: 'wavelength',
      unit: start > 2000 ? 'Angstrom' : null,
      values: Float64Array.from({ length: longest }, (_, i) => start + step * i),
    });
  }
  const power = scalar(/^(r|resolving_?power|resolution)$/i)?.data[0];
  const medium = scalar(/^medium$/i)?.text?.[0] ?? '';
  return spectraFromColumns(
    columns,
    {
      ...facts(id, 'NumPy archive'),
      object: scalar(/^(object|star|name|target)$/i)?.text?.[0],
      medium: /^vac/i.test(medium) ? 'vacuum' : /^air/i.test(medium) ? 'air' : null,
      lsf: power !== undefined && power >= 100 ? { kind: 'resolving-power', resolvingPower: power } : null,
    },
    request,
  );
}

/** A 2-D array of 2 to 8 columns (or rows) in the order wavelength, flux, sigma. Failures: NUMPY_UNSUPPORTED, those of `spectraFromColumns`. */
export function readNpySpectrum(id: string, bytes: Uint8Array, request: ReadRequest): Result<readonly Spectrum[]> {
  let array: NpyArray;
  try {
    array = readNpy(bytes, id);
  } catch (error) {
    return unsupported(error);
  }
  const [rows = 0, width = 0] = array.shape;
  const few = (n: number): boolean => n >= 2 && n <= 8;
  if (array.shape.length !== 2 || (!few(rows) && !few(width))) {
    return unsupported(new Error(`its shape is (${array.shape.join(', ')})`));
  }
  const alongRows = few(width) && rows > width;
  const pixels = alongRows ? rows : width;
  const column = (k: number): Float64Array =>
    Float64Array.from({ length: pixels }, (_, i) => array.data[alongRows ? i * width + k : k * width + i] ?? NaN);
  const names = ['wavelength', 'flux', 'sigma'];
  const columns = names.slice(0, alongRows ? width : rows).map((name, k): DataColumn => ({ name, values: column(k) }));
  return spectraFromColumns(columns, facts(id, 'NumPy array'), request);
}
