import { success } from '../../domain/result.ts';
import { assemble } from '../assemble.ts';
import { linearAxis } from './axis.ts';
import { anyImage, firstImageHdu, single, type SurveyReader } from './reader.ts';
import { MILES } from './records.ts';

/**
 * The MILES stellar library (Sánchez-Blázquez et al. 2006; Falcón-Barroso et al. 2011): 3540–7410 Å in air, rest frame, relative flux,
 * FWHM 2.5 Å, no errors. Pixels of exactly zero flux were not observed.
 */
export const miles: SurveyReader = {
  name: 'MILES',
  identify: (file) => firstImageHdu(file)?.header.text('TPLLIB') === 'MILES',
  load: (id, file, request) => {
    const hdu = firstImageHdu(file);
    if (!hdu) throw new Error('load before identify');
    const image = anyImage(hdu);
    if (!image.ok) return image;
    const flux = image.value.data.map((value) => (value === 0 ? NaN : value));
    const axis = linearAxis(hdu.header, flux.length);
    if (!axis.ok) return axis;
    const built = assemble(
      {
        id,
        survey: MILES,
        object: hdu.header.text('OBJECT'),
        wavelength: axis.value,
        flux,
        ivar: null,
        medium: 'air',
        frame: 'rest',
        fluxUnit: 'relative flux',
        lsf: { kind: 'fwhm', fwhm: hdu.header.number('FWHM') ?? 2.5 },
        meta: { library: 'MILES', star: /_(m\d{4}\w?)\b/.exec(id)?.[1] },
      },
      request.options,
    );
    return single(built.ok ? success(built.value, built.warnings) : built);
  },
};
