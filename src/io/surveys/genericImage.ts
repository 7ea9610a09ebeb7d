import { failed, success, type Result } from '../../domain/result.ts';
import { unknownSurvey } from '../../domain/survey.ts';
import { assemble } from '../assemble.ts';
import { toIvar } from '../columns.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { linearAxis } from './axis.ts';
import { assumedLsf, assumedMedium, frameOf } from './assumed.ts';
import { anyImage, firstImageHdu, single, type SurveyReader } from './reader.ts';

/** Any 1-D image with a wavelength axis in its header; errors from an image HDU named after them (ERR, SIGMA, IVAR, VAR), where there is one. */
export const genericImage: SurveyReader = {
  name: '1-D image',
  identify: (file) => firstImageHdu(file) !== undefined,
  load: (id, file) => {
    const hdu = firstImageHdu(file);
    if (!hdu) throw new Error('load before identify');
    const shape = axesOf(hdu);
    const long = shape.filter((length) => length > 1);
    if (long.length !== 1) {
      return failed(
        'FITS_NOT_A_SPECTRUM',
        `HDU ${hdu.index} holds a picture of ${shape.join(' × ')} pixels, not a spectrum.`,
        'Open an extracted 1-D spectrum: a LAMOST, SDSS or MILES file, a table with wavelength and flux, or text.',
      );
    }
    const image = anyImage(hdu);
    if (!image.ok) return image;
    const flux = image.value.data;
    const axis = linearAxis(hdu.header, flux.length);
    if (!axis.ok) return axis;
    const warnings: string[] = [];
    const errors = errorImage(file, hdu, flux.length);
    if (!errors.ok) return errors;
    const built = assemble({
      id,
      survey: unknownSurvey(hdu.header.text('INSTRUME')),
      object: hdu.header.text('OBJECT'),
      wavelength: axis.value.wavelength,
      flux,
      ivar: errors.value,
      medium: axis.value.medium ?? assumedMedium(warnings),
      frame: frameOf(hdu.header),
      fluxUnit: hdu.header.text('BUNIT') ?? 'unknown unit',
      lsf: assumedLsf(hdu.header, warnings),
      meta: { date: hdu.header.text('DATE-OBS'), telescope: hdu.header.text('TELESCOP') },
    });
    return single(built.ok ? success(built.value, [...warnings, ...built.warnings]) : built);
  },
};

/** NAXIS1 × NAXIS2 … */
function axesOf({ header, kind }: Hdu): number[] {
  const z = kind === 'tiled-image' ? 'Z' : '';
  return Array.from({ length: header.number(`${z}NAXIS`) ?? 0 }, (_, i) => header.number(`${z}NAXIS${i + 1}`) ?? 0);
}

function errorImage(file: FitsFile, flux: Hdu, n: number): Result<Float64Array | null> {
  for (const hdu of file.hdus) {
    if (hdu === flux || (hdu.kind !== 'image' && hdu.kind !== 'tiled-image')) continue;
    const name = hdu.name.toLowerCase();
    const role = /^(ivar|invvar)/.test(name)
      ? 'ivar'
      : /^var/.test(name)
        ? 'variance'
        : /^(err|sig|unc|std|noise)/.test(name)
          ? 'sigma'
          : null;
    if (role === null) continue;
    const image = anyImage(hdu);
    if (!image.ok) return image;
    if (image.value.data.length === n) return success(toIvar(role, image.value.data));
  }
  return success(null);
}
