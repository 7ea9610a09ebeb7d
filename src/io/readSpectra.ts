import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { looksLikeFits, openFits, type FitsFile } from './fits/openFits.ts';
import { gunzip, looksGzipped } from './gunzip.ts';
import { checkLimits, DEFAULT_LIMITS, type ReadLimits } from './limits.ts';
import type { ReadOptions, ReadRequest } from './readOptions.ts';
import { decodeText, refuseByContent } from './sniff.ts';
import { degradeSharp } from './degradeSharp.ts';
import { apogee } from './surveys/apogee.ts';
import { desi } from './surveys/desi.ts';
import { fourmost } from './surveys/fourmost.ts';
import { galah } from './surveys/galah.ts';
import { genericImage } from './surveys/genericImage.ts';
import { genericTable } from './surveys/genericTable.ts';
import { iraf } from './surveys/iraf.ts';
import { lamostImage, lamostTable } from './surveys/lamost.ts';
import { lamostMedium } from './surveys/lamostMedium.ts';
import { miles } from './surveys/miles.ts';
import type { SurveyReader } from './surveys/reader.ts';
import { sdss } from './surveys/sdss.ts';
import { spSpec } from './surveys/spSpec.ts';
import { weave } from './surveys/weave.ts';
import { collect } from './tabular.ts';
import { readText } from './text/readText.ts';

/** In the order they are asked; the generic ones last. */
const READERS: readonly SurveyReader[] = [
  lamostMedium,
  lamostTable,
  lamostImage,
  miles,
  sdss,
  spSpec,
  desi,
  weave,
  fourmost,
  galah,
  apogee,
  iraf,
  genericTable,
  genericImage,
];

/**
 * All spectra of one file: FITS of a known survey or of a generic layout, or text, each plain or gzipped. `name` is the file's name and
 * becomes the spectrum's id; the content alone decides what it is. `options` take precedence over what the file says; what it leaves open is
 * listed in `Spectrum.reading`. Spectra sharper than the model are convolved, with a notice. Of several spectra in a file those that cannot
 * be used are warnings. A file that cannot be used is a failure that says what was found and what to do.
 */
export function readSpectra(
  name: string,
  bytes: Uint8Array,
  limits: ReadLimits = DEFAULT_LIMITS,
  options: ReadOptions = {},
): Result<Spectrum[]> {
  if (bytes.length === 0) return failed('EMPTY_FILE', 'The file is empty (0 bytes).', 'Download or copy it again.');
  const id = name.split(/[\\/]/).pop() ?? name;
  const request: ReadRequest = { limits, options };
  const warnings: string[] = [];
  let content = bytes;
  if (looksGzipped(bytes)) {
    const unpacked = gunzip(bytes);
    if (!unpacked.ok) return unpacked;
    warnings.push(...unpacked.warnings);
    content = unpacked.value;
    if (content.length === 0) return failed('EMPTY_FILE', 'The gzip file unpacks to 0 bytes.', 'Download or copy it again.');
  }
  const read = looksLikeFits(content) ? readFits(id, content, request) : readOther(id, content, request);
  if (!read.ok) return read;
  const usable = collect(
    read.value.map((spectrum) => ({ name: spectrum.id, result: ready(spectrum, request) })),
    [...warnings, ...read.warnings],
  );
  return usable.ok ? success([...usable.value], usable.warnings) : usable;
}

/** A spectrum that covers enough of the model, and is not sharper. */
function ready(spectrum: Spectrum, request: ReadRequest): Result<Spectrum> {
  const checked = checkLimits(spectrum, request.limits);
  return checked.ok ? degradeSharp(checked.value, request) : checked;
}

function readFits(id: string, content: Uint8Array, request: ReadRequest): Result<readonly Spectrum[]> {
  const file = openFits(content);
  if (!file.ok) return file;
  const reader = READERS.find((candidate) => candidate.identify(file.value));
  if (!reader) {
    return failed(
      'FITS_NOT_A_SPECTRUM',
      `The FITS file holds no spectrum: it has ${contents(file.value)}.`,
      'Open a LAMOST, SDSS or MILES spectrum, or a table with the columns wavelength and flux.',
    );
  }
  const loaded = reader.load(id, file.value, request);
  return loaded.ok ? success(loaded.value, [...file.warnings, ...loaded.warnings]) : loaded;
}

function readOther(id: string, content: Uint8Array, request: ReadRequest): Result<readonly Spectrum[]> {
  const refused = refuseByContent(content);
  return refused ? { ok: false, failure: refused } : readText(id, decodeText(content), request);
}

/** What the HDUs are, for a message. */
function contents(file: FitsFile): string {
  return file.hdus
    .map((hdu) => `HDU ${hdu.index} ${hdu.name === '' ? '' : `"${hdu.name}" `}(${hdu.data.length === 0 ? 'empty' : hdu.kind})`)
    .join(', ');
}
