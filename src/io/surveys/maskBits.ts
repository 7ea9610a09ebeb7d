/**
 * What each bit of a survey's pixel mask means, and what is done about it. `reject`: the pixel carries no information or a wrong one, and is
 * left out. `warn`: the pixel stays, its stated error being what counts, and the number of such pixels is said.
 */

import type { MaskBit } from '../../domain/survey.ts';

const reject = (bit: number, name: string, meaning: string): MaskBit => ({ bit, name, action: 'reject', meaning });
const warn = (bit: number, name: string, meaning: string): MaskBit => ({ bit, name, action: 'warn', meaning });

/**
 * LAMOST: six bits, the same for ANDMASK (set where it holds in every exposure) and ORMASK (in at least one); "Data array" in
 * https://www.lamost.org/dr10/v2.0/doc/lr-data-production-description. They are not those of SDSS.
 */
export const LAMOST_MASK: readonly MaskBit[] = [
  reject(0, 'BADCCD', 'bad pixel on the CCD'),
  reject(1, 'BADPROFILE', 'bad profile in the extraction'),
  reject(2, 'NOSKY', 'no sky information at this wavelength'),
  reject(3, 'BRIGHTSKY', 'sky level too high'),
  reject(4, 'BADCENTER', 'fibre trace out of the CCD'),
  reject(5, 'NODATA', 'no good data'),
];

/**
 * SDSS, SEGUE, BOSS and eBOSS: SPPIXMASK, https://www.sdss3.org/dr10/algorithms/bitmask_sppixmask.php. Bits below 16 speak of the whole
 * fibre or one of its arms: they are of no use pixel by pixel.
 */
export const SDSS_MASK: readonly MaskBit[] = [
  warn(0, 'NOPLUG', 'fibre not listed in the plug map'),
  warn(1, 'BADTRACE', 'bad trace'),
  warn(2, 'BADFLAT', 'low counts in the fibre flat'),
  warn(3, 'BADARC', 'bad arc solution'),
  warn(4, 'MANYBADCOLUMNS', 'more than 10 % of the pixels are bad columns'),
  warn(5, 'MANYREJECTED', 'more than 10 % of the pixels were rejected in extraction'),
  warn(6, 'LARGESHIFT', 'large shift between flat and object'),
  warn(7, 'BADSKYFIBER', 'the sky fibre shows extreme residuals'),
  warn(8, 'NEARWHOPPER', 'within two fibres of a very bright one'),
  warn(9, 'WHOPPER', 'very bright source in this fibre'),
  warn(10, 'SMEARIMAGE', 'smear exposure available'),
  warn(11, 'SMEARHIGHSN', 'S/N sufficient for a full smear fit'),
  warn(12, 'SMEARMEDSN', 'S/N sufficient for a scaled smear fit'),
  warn(16, 'NEARBADPIXEL', 'bad pixel within 3 pixels of the trace'),
  warn(17, 'LOWFLAT', 'flat field below 0.5'),
  reject(18, 'FULLREJECT', 'fully rejected in extraction'),
  warn(19, 'PARTIALREJECT', 'partly rejected in extraction'),
  warn(20, 'SCATTEREDLIGHT', 'scattered light significant'),
  warn(21, 'CROSSTALK', 'cross-talk significant'),
  reject(22, 'NOSKY', 'sky level unknown at this wavelength'),
  reject(23, 'BRIGHTSKY', 'sky level above flux + 10 σ and above 1.25 times its neighbourhood'),
  // Set in good pixels too since DR9 and to be ignored there; what truly has no data has no inverse variance either.
  warn(24, 'NODATA', 'no data in the combination, by its name; pixels that have an error have data'),
  reject(25, 'COMBINEREJ', 'rejected in the combination'),
  warn(26, 'BADFLUXFACTOR', 'low flux-calibration factor'),
  warn(27, 'BADSKYCHI', 'relative χ² above 3 in the sky residuals at this wavelength'),
  reject(28, 'REDMONSTER', 'contiguous region of bad χ² in the sky residuals'),
];

/** The bits that reject, as one number; a bit that the table does not know rejects too: nobody has said that it is harmless. */
export function rejecting(bits: number, table: readonly MaskBit[]): number {
  return bits & ~table.filter(({ action }) => action === 'warn').reduce((sum, { bit }) => sum | (1 << bit), 0);
}

/** How many pixels carry each bit, by action and name: `{ rejected: 'BRIGHTSKY 12', warned: 'LOWFLAT 40, NEARBADPIXEL 3' }`; absent where none does. */
export function maskSummary(mask: ArrayLike<number>, table: readonly MaskBit[]): { readonly rejected?: string; readonly warned?: string } {
  const counts = new Map<number, number>();
  for (let p = 0; p < mask.length; p++) {
    const bits = mask[p] ?? 0;
    for (let bit = 0; bits >>> bit !== 0 && bit < 32; bit++) if (((bits >>> bit) & 1) === 1) counts.set(bit, (counts.get(bit) ?? 0) + 1);
  }
  const list = (warned: boolean): string =>
    [...counts]
      .sort(([a], [b]) => a - b)
      .map(([bit, count]) => ({ known: table.find((one) => one.bit === bit), bit, count }))
      .filter(({ known }) => (known?.action === 'warn') === warned)
      .map(({ known, bit, count }) => `${known?.name ?? `bit ${String(bit)}`} ${String(count)}`)
      .join(', ');
  const [rejected, warned] = [list(false), list(true)];
  return { ...(rejected === '' ? {} : { rejected }), ...(warned === '' ? {} : { warned }) };
}

/** DESI `specmask`: https://desidatamodel.readthedocs.io/en/latest/bitmasks.html#spectroscopic-reduction-masks. Its coadds use only pixels without any bit. */
export const DESI_MASK: readonly MaskBit[] = [
  reject(0, 'SOMEBADPIX', 'some input pixels were masked'),
  reject(1, 'ALLBADPIX', 'all input pixels were masked'),
  reject(2, 'COSMIC', 'cosmic ray'),
  reject(3, 'LOWFLAT', 'fibre flat below 0.5'),
  reject(4, 'BADFIBERFLAT', 'bad fibre flat solution'),
  reject(5, 'BRIGHTSKY', 'bright sky level'),
  reject(6, 'BADSKY', 'bad sky model'),
  reject(7, 'BADTWODFIT', 'bad fit of the extraction'),
  reject(8, 'NODATA', 'no data'),
  reject(9, 'BADFIBER', 'fibre broken, misplaced or without data'),
  reject(10, 'BADCOLUMN', 'bad column of the CCD'),
];
