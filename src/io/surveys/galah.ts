/**
 * GALAH (HERMES at the AAT, R ≈ 28 000), one arm a file: primary image in counts, `relative_error`, `resolution_profile` (FWHM in Å); air,
 * barycentric. https://www.galah-survey.org/dr3/the_spectra/ and Kos et al. 2017, MNRAS 464, 1259.
 */
import { success } from '../../domain/result.ts';
import { assemble } from '../assemble.ts';
import { toIvar } from '../columns.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { tabulatedLsf } from '../tabular.ts';
import { linearAxis } from './axis.ts';
import { anyImage, single, type SurveyReader } from './reader.ts';
import { GALAH, withPipelineVelocity } from './records.ts';

const named = (file: FitsFile, name: string): Hdu | undefined => file.hdus.find((hdu) => hdu.name.toLowerCase() === name);

export const galah: SurveyReader = {
  name: 'GALAH',
  identify: (file) =>
    (file.hdus[0]?.header.text('INSTRUME') ?? '').startsWith('HERMES') &&
    (file.hdus[0]?.data.length ?? 0) > 0 &&
    named(file, 'relative_error') !== undefined,
  load: (id, file, request) => {
    const [primary] = file.hdus;
    const errors = named(file, 'relative_error');
    if (!primary || !errors) throw new Error('load before identify');
    const { header } = primary;
    const [flux, relative] = [anyImage(primary), anyImage(errors)];
    if (!flux.ok) return flux;
    if (!relative.ok) return relative;
    const axis = linearAxis(header, flux.value.data.length);
    if (!axis.ok) return axis;
    const profile = named(file, 'resolution_profile');
    const widths = profile ? anyImage(profile) : null;
    const lsf = widths?.ok
      ? tabulatedLsf(
          axis.value,
          widths.value.data.map((fwhm, i) => (axis.value[i] ?? NaN) / fwhm),
        )
      : null;
    const built = assemble(
      {
        id,
        survey: withPipelineVelocity(GALAH, header.number('RVCOM') ?? header.number('RV')),
        object: header.text('OBJ_NAME') ?? header.text('GALAH_ID'),
        wavelength: axis.value,
        flux: flux.value.data,
        ivar: toIvar('relative-sigma', relative.value.data, flux.value.data),
        medium: 'air',
        frame: 'barycentric',
        fluxUnit: header.text('BUNIT') ?? 'counts',
        lsf: lsf ?? { kind: 'resolving-power', resolvingPower: 28_000 },
        meta: {
          galah_id: header.text('GALAH_ID'),
          ra_deg: header.number('RA_OBJ'),
          dec_deg: header.number('DEC_OBJ'),
          date: header.text('UTDATE'),
          rv_pipeline_kms: header.number('RVCOM') ?? header.number('RV'),
          rv_error_pipeline_kms: header.number('E_RVCOM') ?? header.number('E_RV'),
          snr_stated: header.number('SNR'),
        },
      },
      request.options,
    );
    return single(built.ok ? success(built.value, [...axis.warnings, ...built.warnings]) : built);
  },
};
