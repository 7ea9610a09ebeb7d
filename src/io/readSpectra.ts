import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { looksLikeFits, openFits, type FitsFile } from './fits/openFits.ts';
import { gunzip, looksGzipped } from './gunzip.ts';
import { checkLimits, DEFAULT_LIMITS, type ReadLimits } from './limits.ts';
import { decodeText, refuseByContent } from './sniff.ts';
import { genericImage } from './surveys/genericImage.ts';
import { genericTable } from './surveys/genericTable.ts';
import { lamostImage, lamostTable } from './surveys/lamost.ts';
import { miles } from './surveys/miles.ts';
import type { SurveyReader } from './surveys/reader.ts';
import { sdss } from './surveys/sdss.ts';
import { unsupported } from './surveys/unsupported.ts';
import { readText } from './text/readText.ts';

/** In the order they are asked; the generic ones last. */
const READERS: readonly SurveyReader[] = [...unsupported, lamostTable, lamostImage, miles, sdss, genericTable, genericImage];

/**
 * All spectra of one file: FITS of a known survey or of a generic layout, or text, each plain or gzipped. `name` is the file's name and
 * becomes the spectrum's id; the content alone decides what it is. A file that cannot be used is a failure that says what was found and what to do.
 */
export function readSpectra(name: string, bytes: Uint8Array, limits: ReadLimits = DEFAULT_LIMITS): Result<Spectrum[]> {
  if (bytes.length === 0) return failed('EMPTY_FILE', 'The file is empty (0 bytes).', 'Download or copy it again.');
  const id = name.split(/[\\/]/).pop() ?? name;
  const warnings: string[] = [];
  let content = bytes;
  if (looksGzipped(bytes)) {
    const unpacked = gunzip(bytes);
    if (!unpacked.ok) return unpacked;
    warnings.push(...unpacked.warnings);
    content = unpacked.value;
    if (content.length === 0) return failed('EMPTY_FILE', 'The gzip file unpacks to 0 bytes.', 'Download or copy it again.');
  }
  const read = looksLikeFits(content) ? readFits(id, content, limits) : readOther(id, content, limits);
  if (!read.ok) return read;
  warnings.push(...read.warnings);
  for (const spectrum of read.value) {
    const checked = checkLimits(spectrum, limits);
    if (!checked.ok) return checked;
    warnings.push(...checked.warnings);
  }
  return success([...read.value], warnings);
}

function readFits(id: string, content: Uint8Array, limits: ReadLimits): Result<readonly Spectrum[]> {
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
  const loaded = reader.load(id, file.value, limits);
  return loaded.ok ? success(loaded.value, [...file.warnings, ...loaded.warnings]) : loaded;
}

function readOther(id: string, content: Uint8Array, limits: ReadLimits): Result<readonly Spectrum[]> {
  const refused = refuseByContent(content);
  return refused ? { ok: false, failure: refused } : readText(id, decodeText(content), limits);
}

/** What the HDUs are, for a message. */
function contents(file: FitsFile): string {
  return file.hdus
    .map((hdu) => `HDU ${hdu.index} ${hdu.name === '' ? '' : `"${hdu.name}" `}(${hdu.data.length === 0 ? 'empty' : hdu.kind})`)
    .join(', ');
}
