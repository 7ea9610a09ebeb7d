import { failed } from '../../domain/result.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { tooSharp } from '../limits.ts';
import { isLamost } from './lamost.ts';
import type { SurveyReader } from './reader.ts';

const header = (file: FitsFile, keyword: string): string => file.hdus[0]?.header.text(keyword) ?? '';
const named = (file: FitsFile, name: string): Hdu | undefined => file.hdus.find((hdu) => hdu.name === name);

/** A product that is told by its header and is sharper than any model here. */
function sharp(name: string, resolvingPower: number, identify: (file: FitsFile) => boolean): SurveyReader {
  return { name, identify, load: (_id, _file, limits) => tooSharp(resolvingPower, `This is a spectrum of ${name}, which`, limits) };
}

/** Known files that are refused by name, with a next step, before a generic reader makes nonsense of them. */
export const unsupported: readonly SurveyReader[] = [
  sharp(
    'the LAMOST medium-resolution survey (4950–5350 and 6300–6800 Å)',
    7500,
    (file) => isLamost(file) && file.hdus.some((hdu) => /^(COADD_)?[BR](-|$)/.test(hdu.name)),
  ),
  sharp('GALAH (HERMES)', 28_000, (file) => header(file, 'INSTRUME').startsWith('HERMES')),
  sharp('HARPS', 115_000, (file) => header(file, 'INSTRUME').startsWith('HARPS')),
  sharp('UVES', 40_000, (file) => header(file, 'INSTRUME') === 'UVES'),
  sharp('X-shooter', 10_000, (file) => header(file, 'INSTRUME') === 'XSHOOTER'),
  sharp('APOGEE', 22_500, (file) => file.hdus.some((hdu) => hdu.header.has('APOGEE_ID')) || header(file, 'TELESCOP').startsWith('apo25m')),
  {
    name: 'DESI',
    identify: (file) => named(file, 'B_FLUX') !== undefined && named(file, 'B_WAVELENGTH') !== undefined,
    load: (_id, file) => {
      const count = named(file, 'B_FLUX')?.header.number('NAXIS2') ?? 0;
      return failed(
        'SURVEY_UNSUPPORTED',
        `This is a DESI file with ${count} targets in three arms (B, R, Z), which is not read yet.`,
        'Co-add the arms of one target (desispec.coaddition.coadd_cameras), and save it as text with the columns wavelength (Å), flux and ivar.',
      );
    },
  },
];
