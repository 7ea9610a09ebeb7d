import { failed, type Failure } from '../domain/result.ts';
import { latin1 } from './fits/header.ts';
import { printable } from './fits/openFits.ts';

/** Files that are told by their first bytes and are no spectrum as they are. */
const KNOWN: readonly { readonly magic: string; readonly what: string; readonly hint: string }[] = [
  { magic: 'BZh', what: 'a bzip2 file', hint: 'Unpack it with bunzip2 and open what is in it.' },
  { magic: '\xfd7zXZ', what: 'an xz file', hint: 'Unpack it with unxz and open what is in it.' },
  { magic: '7z\xbc\xaf', what: 'a 7z archive', hint: 'Unpack it and open the spectra in it.' },
  { magic: '\x89HDF', what: 'an HDF5 file', hint: 'Save the spectrum as FITS or text: wavelength (Å), flux, sigma.' },
  { magic: '%PDF', what: 'a PDF document', hint: 'Open the spectrum itself: FITS or text.' },
  { magic: '\x89PNG', what: 'a PNG picture', hint: 'Open the spectrum itself: FITS or text.' },
  { magic: '\xff\xd8\xff', what: 'a JPEG picture', hint: 'Open the spectrum itself: FITS or text.' },
];

/** The failure for a file that is surely no spectrum; null where it may be one as text. Codes: FORMAT_UNSUPPORTED, DAMAGED_AS_TEXT, HTML_PAGE, BINARY_UNKNOWN. */
export function refuseByContent(bytes: Uint8Array): Failure | null {
  const head = latin1(bytes.subarray(0, 1024));
  const known = KNOWN.find(({ magic }) => head.startsWith(magic));
  if (known) return failed('FORMAT_UNSUPPORTED', `The file is ${known.what}, not a spectrum.`, known.hint).failure;
  if (head.startsWith('\x1f\xef\xbf\xbd')) {
    return failed(
      'DAMAGED_AS_TEXT',
      'The gzip file was damaged when it was saved as text (bytes replaced by UTF-8 EF BF BD).',
      'Download the file again as binary.',
    ).failure;
  }
  if (latin1(bytes.subarray(257, 262)) === 'ustar')
    return failed('FORMAT_UNSUPPORTED', 'The file is a tar archive.', 'Unpack it and open the spectra in it.').failure;
  if (/^\s*(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body)\b/i.test(head)) {
    const title = /<title>\s*([^<]{1,80})/i.exec(head)?.[1]?.trim();
    return failed(
      'HTML_PAGE',
      `The file is a web page${title === undefined ? '' : ` ("${title}")`}, not a spectrum.`,
      'The download link gave a page (a login or an error) instead of the file: open it in the browser, then download the spectrum itself.',
    ).failure;
  }
  if (/^\s*(\xef\xbb\xbf)?\s*<(\?xml)/i.test(head) && !looksLikeVotable(bytes)) {
    return failed('FORMAT_UNSUPPORTED', 'The file is XML, and no VOTable.', 'Download the spectrum as VOTable, FITS or CSV instead.')
      .failure;
  }
  const sample = bytes.subarray(0, 4096);
  const control = sample.reduce((count, byte) => count + (byte < 9 || (byte > 13 && byte < 32) || byte === 127 ? 1 : 0), 0);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isUtf16 && control > 0.02 * sample.length) {
    return failed(
      'BINARY_UNKNOWN',
      `The file (${bytes.length} bytes) is binary and begins with "${printable(bytes)}": neither FITS nor text.`,
      'Open a FITS spectrum (.fits, .fits.gz) or text with the columns wavelength (Å), flux and sigma.',
    ).failure;
  }
  return null;
}

/** Bytes as text: UTF-8 or UTF-16 by their mark, else UTF-8, and Windows-1252 where that is not valid. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** A VOTable, in UTF-8 or UTF-16: its root element stands near the beginning. */
export function looksLikeVotable(bytes: Uint8Array): boolean {
  const head = decodeText(bytes.subarray(0, 4096)).trimStart();
  return head.startsWith('<') && /<(\w+:)?VOTABLE\b/i.test(head);
}
