import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { looksLikeFits, openFits, type FitsFile } from './fits/openFits.ts';
import { gunzip, looksGzipped } from './gunzip.ts';
import { checkLimits, DEFAULT_LIMITS, type ReadLimits } from './limits.ts';
import type { ReadOptions, ReadRequest } from './readOptions.ts';
import { readNpySpectrum, readNpzSpectrum } from './archives/readNumpy.ts';
import { looksZipped, unzip } from './archives/unzip.ts';
import { decodeText, looksLikeVotable, refuseByContent } from './sniff.ts';
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
import { readVotable } from './votable/readVotable.ts';

/** In the order they are asked; the generic ones last. */
export const READERS: readonly SurveyReader[] = [
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
 * All spectra of one file: FITS of a known survey or of a generic layout, text, VOTable or NumPy arrays, each plain, gzipped or several in a zip. `name` is the file's name and
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
  const read = readContent(id, content, request);
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

function readContent(id: string, content: Uint8Array, request: ReadRequest): Result<readonly Spectrum[]> {
  if (looksZipped(content)) return readZip(id, content, request);
  return looksLikeFits(content) ? readFits(id, content, request) : readOther(id, content, request);
}

/** The arrays of a NumPy archive, or every file of a zip: those that cannot be read are warnings. A zip within a zip is not opened. */
function readZip(id: string, content: Uint8Array, request: ReadRequest): Result<readonly Spectrum[]> {
  const files = unzip(content);
  if (!files.ok) return files;
  if (files.value.length === 0) return failed('EMPTY_FILE', 'The zip archive holds no file.', 'Choose an archive with spectra.');
  if (files.value.every(({ name }) => name.endsWith('.npy'))) return readNpzSpectrum(id, files.value, request);
  return collect(
    files.value.map(({ name, bytes }) => ({ name, result: readZipped(files.value.length > 1 ? `${id}#${name}` : name, bytes, request) })),
  );
}

function readZipped(id: string, bytes: Uint8Array, request: ReadRequest): Result<readonly Spectrum[]> {
  if (looksZipped(bytes)) return failed('ZIP_NESTED', 'The file is a zip archive within another.', 'Unpack the outer one and open this.');
  if (!looksGzipped(bytes)) return readContent(id, bytes, request);
  const unpacked = gunzip(bytes);
  return unpacked.ok ? readContent(id, unpacked.value, request) : unpacked;
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
  if (content[0] === 0x93 && decodeText(content.subarray(1, 6)) === 'NUMPY') return readNpySpectrum(id, content, request);
  if (looksLikeVotable(content)) return readVotable(id, decodeText(content), request);
  const refused = refuseByContent(content);
  return refused ? { ok: false, failure: refused } : readText(id, decodeText(content), request);
}

/** What the HDUs are, for a message. */
function contents(file: FitsFile): string {
  return file.hdus
    .map((hdu) => `HDU ${hdu.index} ${hdu.name === '' ? '' : `"${hdu.name}" `}(${hdu.data.length === 0 ? 'empty' : hdu.kind})`)
    .join(', ');
}
